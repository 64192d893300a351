// SPDX-License-Identifier: Apache-2.0
package tagwatch.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes first: a codec that is wrong on both sides passes every round trip. */
class GoldenBytesTest {
  /** Level 0, because what deflate makes of a text depends on the version of zlib. */
  private static final RecordingOptions STORED = new RecordingOptions(0, 100, 0);

  private static final String HEADER =
      "8954575245430d0a" // magic
          + "0100"
          + "0000" // version, reserved
          + "4d000000"
          + "48000000" // lengths
          + "014800b7ff" // deflate: one stored block of 72 bytes
          + "8080d0e2c6bfce972f"
          + "80c8afa025" // wall clock, time since boot
          + "0162"
          + "0474657374" // boot id, source
          + "0176"
          + "01"
          + "01"
          + "0178" // vocabulary with one name space
          + "02"
          + "80808008"
          + "06782f72656164"
          + "00" // two hooks; x/read has no feature
          + "81828008"
          + "08782f6f70656e6174" // x/openat
          + "01"
          + "0170"
          + "0a706174682d636c617373" // its feature p, a path class
          + "01"
          + "016b"
          + "0177" // provenance
          + "4497dd73"; // CRC32C

  private static final String BLOCK =
      "5457424b"
          + "00000000" // magic, index
          + "0000000000000000" // events before
          + "02000000"
          + "03000000" // events, records
          + "31000000"
          + "36000000" // lengths
          + "f1fd0c8c"
          + "43884135" // CRC32C of payload and header
          + "013100ceff" // deflate: one stored block of 49 bytes
          + "0017030202030602" // lengths of the columns; the task table is empty
          + "00"
          + "0101"
          + "07"
          + "46"
          + "b366"
          + "022f61"
          + "026666" // control: the start
          + "80808008"
          + "00"
          + "81828008"
          + "01" // control: hooks and slots of two symbols
          + "000809" // operations: start, symbol 0, symbol 1
          + "0100" // tasks: the first of the block, the same
          + "0200" // sequences: 1 instead of 0, then as expected
          + "c8c8c8"
          + "e497d0120000" // times, low and high
          + "ac02"; // features: 300

  private static final String END =
      "5457454e"
          + "01000000" // magic, index
          + "0200000000000000" // events before
          + "00000000"
          + "00000000"
          + "11000000"
          + "16000000" // lengths
          + "188e3f6e"
          + "4db9338e" // CRC32C of payload and header
          + "011100eeff" // deflate: one stored block of 17 bytes
          + "02"
          + "01"
          + "01"
          + "00" // events, tasks, processes, lost
          + "c8c9afa025"
          + "d8ccafa025" // first and last time
          + "01"
          + "b366"; // tags

  @Test
  void shouldWriteTheDocumentedBytes() throws IOException {
    byte[] bytes =
        Recordings.bytes(
            STORED,
            writer -> {
              int task = writer.taskStarted(Recordings.start(7, 13107));
              writer.event(task, Recordings.READ, 1, 5_000_000_200L, Recordings.NO_FEATURES, 0, 0);
              writer.event(task, Recordings.OPENAT, 2, 5_000_000_300L, Recordings.slots(300), 0, 2);
            });

    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(HEADER + BLOCK + END);
  }
}
