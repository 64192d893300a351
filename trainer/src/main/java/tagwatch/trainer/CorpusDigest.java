// SPDX-License-Identifier: Apache-2.0
package tagwatch.trainer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tagwatch.scorer.Corpus;

/** Names what is learned and how, so that an interrupted training only goes on with the same. */
final class CorpusDigest {
  private CorpusDigest() {}

  /** SHA-256 over the settings and everything that a corpus holds, in hexadecimal. */
  static String of(Corpus corpus, Settings settings) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(settings.course().getBytes(StandardCharsets.UTF_8));
      digest.update(number(corpus.classes()));
      for (int s = 0; s < corpus.sequences(); s++) {
        short[] events = corpus.sequence(s);
        digest.update(number(events.length));
        digest.update(number(corpus.from(s)));
        digest.update(number(corpus.heldOut(s) ? 1 : 0));
        ByteBuffer bytes = ByteBuffer.allocate(events.length * Short.BYTES);
        bytes.asShortBuffer().put(events);
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
  }
}
