// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** One connection to the agent: one line of JSON to it, then its answers. */
final class Conversation implements AutoCloseable {
  private static final byte CONTROL_D = 4;

  private final SocketChannel channel;
  private final InputStream answers;
  private final Consumer<Conversation> ended;

  Conversation(SocketChannel channel, Consumer<Conversation> ended) {
    this.channel = channel;
    this.answers = new BufferedInputStream(Channels.newInputStream(channel));
    this.ended = ended;
  }

  ShellResult execute(String command, ShellListener listener) throws IOException {
    JsonObject order = new JsonObject();
    order.addProperty("mode", "execute");
    order.addProperty("command", command);
    send(order);
    StringBuilder output = new StringBuilder();
    while (true) {
      JsonObject answer = receive();
      if (answer.has("out")) {
        String text = answer.get("out").getAsString();
        output.append(text);
        listener.output(text);
      } else if (answer.has("progress")) {
        JsonObject progress = answer.getAsJsonObject("progress");
        listener.progress(progress.get("step").getAsString(), progress.get("done").getAsDouble());
      } else if (answer.has("exit")) {
        String error = answer.has("error") ? answer.get("error").getAsString() : "";
        return new ShellResult(output.toString(), answer.get("exit").getAsInt(), error);
      }
    }
  }

  void attach(InputStream in, OutputStream out, String term, int columns, int rows)
      throws IOException {
    JsonObject order = new JsonObject();
    order.addProperty("mode", "interactive");
    order.addProperty("term", term);
    order.addProperty("columns", columns);
    order.addProperty("rows", rows);
    send(order);
    JsonObject answer = receive();
    if (!answer.has("attached")) {
      throw new AgentException(
          answer.has("error") ? answer.get("error").getAsString() : "unexpected answer " + answer);
    }
    Thread keys = new Thread(() -> pumpKeys(in), "tagwatch-keys");
    // A read from a terminal cannot be interrupted: the process must be able to end without it.
    keys.setDaemon(true);
    keys.start();
    byte[] buffer = new byte[8192];
    int length;
    while ((length = answers.read(buffer)) >= 0) {
      out.write(buffer, 0, length);
      out.flush();
    }
  }

  private void pumpKeys(InputStream in) {
    byte[] buffer = new byte[1024];
    try {
      int length;
      while ((length = in.read(buffer)) >= 0) {
        write(ByteBuffer.wrap(buffer, 0, length));
      }
      // What was typed before is still to be carried out: leave as a person would, with Ctrl-D.
      write(ByteBuffer.wrap(new byte[] {CONTROL_D}));
    } catch (IOException e) {
      // The shell has ended; the reading side says so to the caller.
      close();
    }
  }

  private void send(JsonObject order) {
    try {
      write(ByteBuffer.wrap((order + "\n").getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      // An agent that refuses the conversation closes it without listening. Its reason can still be
      // read, and if there is none, reading fails as well.
      return;
    }
  }

  // Not Channels.newOutputStream: on Java 17 it would wait for the lock that a read holds.
  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private JsonObject receive() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next;
    while ((next = answers.read()) != '\n') {
      if (next < 0) {
        throw new EOFException("it ended before the command did");
      }
      line.write(next);
    }
    try {
      return JsonParser.parseString(line.toString(StandardCharsets.UTF_8)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw new IOException("not an answer: " + line.toString(StandardCharsets.UTF_8), e);
    }
  }

  @Override
  public void close() {
    ended.accept(this);
    try {
      channel.close();
    } catch (IOException e) {
      // Closed is what was wanted; there is nobody to tell and nothing left to free.
      return;
    }
  }
}
