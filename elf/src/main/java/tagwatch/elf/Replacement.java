// SPDX-License-Identifier: Apache-2.0
package tagwatch.elf;

import java.nio.file.Path;

/**
 * Which file was written, and what the user should be told about it.
 *
 * @param file the file itself, symbolic links followed; may differ from the path that was asked for
 * @param otherLinks hard links that still lead to the old content, because the file was replaced
 * @param attributesKept false if file capabilities could not be carried over for want of {@code cp}
 *     of GNU coreutils; owner, mode, times and other extended attributes were
 */
public record Replacement(Path file, int otherLinks, boolean attributesKept) {}
