// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.threadio.ThreadIO;
import tagwatch.player.Player;

/** What is said on one connection: one order in a line of JSON, and its answers. */
final class Conversation {
  /** Longest order in bytes; a line that goes on is no order but a flood. */
  static final int LONGEST_ORDER = 1 << 16;

  private final CommandProcessor processor;
  private final ThreadIO threadIo;
  private final Player player;
  private final SocketChannel channel;
  private final Answers answers;

  Conversation(
      CommandProcessor processor, ThreadIO threadIo, Player player, SocketChannel channel) {
    this.processor = processor;
    this.threadIo = threadIo;
    this.player = player;
    this.channel = channel;
    this.answers = new Answers(channel);
  }

  void hold() throws IOException {
    String line;
    try {
      line = readLine();
    } catch (OrderException e) {
      answers.exit(CommandLine.Outcome.failed(e.getMessage()));
      return;
    }
    // Somebody only looked whether an agent is there.
    if (line.isEmpty()) {
      return;
    }
    try {
      carryOut(JsonParser.parseString(line).getAsJsonObject());
    } catch (OrderException
        | JsonParseException
        | IllegalStateException
        | NumberFormatException
        | UnsupportedOperationException e) {
      answers.exit(CommandLine.Outcome.failed("not an order: " + e.getMessage()));
    }
  }

  private void carryOut(JsonObject order) throws IOException, OrderException {
    String mode = text(order, "mode");
    switch (mode) {
      case "execute" -> execute(text(order, "command"));
      case "interactive" -> {
        TerminalShell shell =
            new TerminalShell(
                processor,
                threadIo,
                player,
                text(order, "term"),
                number(order, "columns"),
                number(order, "rows"));
        answers.attached();
        shell.run(channel);
      }
      default -> throw new OrderException("mode '" + mode + "' is not execute or interactive");
    }
  }

  private void execute(String command) throws IOException {
    CommandLine.Outcome outcome;
    try (PrintStream out = answers.output();
        CommandSession session =
            processor.createSession(InputStream.nullInputStream(), out, agentLog())) {
      session.put(PacedProgress.VARIABLE, answers.progress());
      watchForHangUp(session);
      outcome = CommandLine.execute(session, command);
      out.flush();
    }
    answers.exit(outcome);
  }

  // Gogo hands System.err of the command's thread to the session. What a bundle logs in there is
  // the agent's log, not the command's output: it would break the JSON. Never closed.
  private static PrintStream agentLog() {
    return new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
  }

  // The client sends nothing more, so whatever ends this read says that nobody waits for the
  // command any longer. It also ends with the conversation, which closes the channel.
  private void watchForHangUp(CommandSession session) {
    Thread watch =
        new Thread(
            () -> {
              try {
                if (channel.read(ByteBuffer.allocate(1)) < 0) {
                  session.close();
                }
              } catch (IOException e) {
                session.close();
              }
            },
            "tagwatch-shell-hang-up");
    watch.setDaemon(true);
    watch.start();
  }

  private String readLine() throws IOException, OrderException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST_ORDER);
    while (bytes.hasRemaining()) {
      int from = bytes.position();
      if (channel.read(bytes) < 0) {
        return "";
      }
      for (int at = from; at < bytes.position(); at++) {
        if (bytes.get(at) == '\n') {
          return new String(bytes.array(), 0, at, StandardCharsets.UTF_8);
        }
      }
    }
    throw new OrderException("an order has at most " + LONGEST_ORDER + " bytes");
  }

  private static String text(JsonObject order, String field) throws OrderException {
    if (!order.has(field)) {
      throw new OrderException("field '" + field + "' is missing");
    }
    return order.get(field).getAsString();
  }

  private static int number(JsonObject order, String field) throws OrderException {
    String text = text(order, field);
    int number = Integer.parseInt(text);
    if (number < 1 || number > 10_000) {
      throw new OrderException("field '" + field + "' is " + text + ", not 1 to 10000");
    }
    return number;
  }

  /** The client did not say what it wants in the way that it should. */
  private static final class OrderException extends Exception {
    private static final long serialVersionUID = 1L;

    OrderException(String message) {
      super(message);
    }
  }
}
