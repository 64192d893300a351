// SPDX-License-Identifier: Apache-2.0
package tagwatch.replay;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tagwatch.event.Vocabulary;
import tagwatch.recording.DamagePolicy;
import tagwatch.recording.RecordingReader;
import tagwatch.recording.RecordingSummary;

/**
 * A recording that was read from end to end once, so that a replay of it does not stop half way.
 *
 * @param file where it is
 * @param hash SHA-256 of the file
 * @param vocabulary of its events
 * @param summary what is in it
 */
record CheckedRecording(Path file, String hash, Vocabulary vocabulary, RecordingSummary summary) {

  /** Checks the file; the exception names it and what is wrong with it. */
  static CheckedRecording of(Path file) throws IOException {
    try (RecordingReader reader = RecordingReader.open(file, DamagePolicy.STRICT)) {
      return new CheckedRecording(file, hash(file), reader.header().vocabulary(), reader.summary());
    } catch (NoSuchFileException e) {
      throw new IOException(file + ": no such file", e);
    }
  }

  /** Opens it again, unless it has become another one. */
  RecordingReader open() throws IOException {
    RecordingReader reader = RecordingReader.open(file);
    if (reader.header().vocabulary().equals(vocabulary)) {
      return reader;
    }
    reader.close();
    throw new IOException(
        file + ": the vocabulary changed since the file was configured; configure it again");
  }

  private static String hash(Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] part = new byte[1 << 16];
      for (int length = bytes.read(part); length >= 0; length = bytes.read(part)) {
        digest.update(part, 0, length);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IOException("this Java has no SHA-256", e);
    }
  }
}
