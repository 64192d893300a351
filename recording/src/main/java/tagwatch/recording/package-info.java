// SPDX-License-Identifier: Apache-2.0
/**
 * Recordings: what tagged tasks did, in a file. The player writes them, learners, tools and the
 * replay transport read them; nobody but the reader's callers implements anything, namely {@link
 * tagwatch.recording.RecordingVisitor}.
 *
 * <p>A file is a header, then blocks, then (if it was closed in order) an end block. All fixed-size
 * numbers are little endian; {@code FORMAT.md} in the sources of this bundle has the records byte
 * by byte.
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------------------------------------------------------+
 *  |              magic 89 'T' 'W' 'R' 'E' 'C' 0D 0A               |  0  header
 *  |                                                               |
 *  +-------------------------------+-------------------------------+
 *  |        format version         |         reserved, 0           |  8
 *  +-------------------------------+-------------------------------+
 *  |                      compressed length c                      | 12
 *  +---------------------------------------------------------------+
 *  |                      uncompressed length                      | 16
 *  +---------------------------------------------------------------+
 *  |   c bytes: clocks, boot id, source, vocabulary, provenance    | 20
 *  +---------------------------------------------------------------+
 *  |                CRC32C of all bytes before it                  | 20 + c
 *  +---------------------------------------------------------------+
 *
 *  +---------------------------------------------------------------+
 *  |              magic 'T' 'W' 'B' 'K', at the end 'T' 'W' 'E' 'N' |  0  block
 *  +---------------------------------------------------------------+
 *  |                   index of the block, from 0                  |  4
 *  +---------------------------------------------------------------+
 *  |               events in all blocks before this one            |  8
 *  |                                                               |
 *  +---------------------------------------------------------------+
 *  |                      events in this block                     | 16
 *  +---------------------------------------------------------------+
 *  |                     records in this block                     | 20
 *  +---------------------------------------------------------------+
 *  |                      uncompressed length                      | 24
 *  +---------------------------------------------------------------+
 *  |                      compressed length c                      | 28
 *  +---------------------------------------------------------------+
 *  |               CRC32C of the c compressed bytes                | 32
 *  +---------------------------------------------------------------+
 *  |                    CRC32C of bytes 0 to 35                    | 36
 *  +---------------------------------------------------------------+
 *  |                  c bytes: raw deflate stream                  | 40
 *  +---------------------------------------------------------------+
 * </pre>
 */
@Export
@Version("1.1.0")
package tagwatch.recording;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
