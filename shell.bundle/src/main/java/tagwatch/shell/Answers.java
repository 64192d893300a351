// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import tagwatch.player.Progress;

/** The lines of JSON that answer an order; all threads of a command may write. */
final class Answers {
  private static final int CHUNK = 8192;

  private final SocketChannel channel;

  Answers(SocketChannel channel) {
    this.channel = channel;
  }

  void attached() throws IOException {
    JsonObject line = new JsonObject();
    line.addProperty("attached", true);
    send(line);
  }

  void exit(CommandLine.Outcome outcome) throws IOException {
    JsonObject line = new JsonObject();
    line.addProperty("exit", outcome.exit());
    if (!outcome.error().isEmpty()) {
      line.addProperty("error", outcome.error());
    }
    send(line);
  }

  /** Reports steps; once the client is gone a report throws, which ends the work. */
  Progress progress() {
    return new PacedProgress(
        0.01,
        (step, done) -> {
          JsonObject progress = new JsonObject();
          progress.addProperty("step", step);
          progress.addProperty("done", done);
          JsonObject line = new JsonObject();
          line.add("progress", progress);
          try {
            send(line);
          } catch (IOException e) {
            throw new UncheckedIOException("the client is gone", e);
          }
        });
  }

  /** A stream whose text is sent at each flush and each full chunk. */
  PrintStream output() {
    return new PrintStream(new Text(), false, StandardCharsets.UTF_8);
  }

  private synchronized void send(JsonObject line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Decodes what is written, so that no character is torn between two answers. */
  private final class Text extends OutputStream {
    private final ByteBuffer bytes = ByteBuffer.allocate(CHUNK);
    private final CharBuffer chars = CharBuffer.allocate(CHUNK);
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);

    @Override
    public synchronized void write(int b) throws IOException {
      if (!bytes.hasRemaining()) {
        flush();
      }
      bytes.put((byte) b);
    }

    @Override
    public synchronized void flush() throws IOException {
      bytes.flip();
      decoder.decode(bytes, chars, false);
      bytes.compact();
      chars.flip();
      if (chars.hasRemaining()) {
        JsonObject line = new JsonObject();
        line.addProperty("out", chars.toString());
        send(line);
      }
      chars.clear();
    }
  }
}
