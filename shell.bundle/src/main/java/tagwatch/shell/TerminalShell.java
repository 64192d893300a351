// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.threadio.ThreadIO;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.jline.utils.InfoCmp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.player.Player;

/**
 * Gogo's JLine shell on a terminal that is at the other end of a socket: line editing and
 * completion, Ctrl-C ends the running command, Ctrl-D ends the shell.
 */
final class TerminalShell {
  /** What Gogo's shell asks about the world around it. */
  static final Shell.Context SURROUNDINGS = new Surroundings();

  private static final Logger LOG = LoggerFactory.getLogger(TerminalShell.class);
  private static final Pattern TERMINAL_TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+-]{0,63}");

  private final CommandProcessor processor;
  private final ThreadIO threadIo;
  private final Player player;
  private final String type;
  private final Size size;

  TerminalShell(
      CommandProcessor processor,
      ThreadIO threadIo,
      Player player,
      String type,
      int columns,
      int rows) {
    this.processor = processor;
    this.threadIo = threadIo;
    this.player = player;
    this.type = known(type) ? type : "ansi";
    this.size = new Size(columns, rows);
  }

  void run(SocketChannel channel) throws IOException {
    Keys keys = new Keys(channel);
    OutputStream screen = new BufferedOutputStream(new Screen(channel));
    try (ExternalTerminal terminal =
        new ExternalTerminal(
            "tagwatch",
            type,
            keys,
            screen,
            StandardCharsets.UTF_8,
            Terminal.SignalHandler.SIG_IGN,
            true)) {
      terminal.setSize(size);
      echoOff(terminal);
      try (CommandSession session =
          processor.createSession(terminal.input(), terminal.output(), terminal.output())) {
        keys.onHangUp = () -> terminal.raise(Terminal.Signal.INT);
        terminal.resume();
        CommandLine.awaitCommands(session);
        prepare(session, terminal);
        new Shell(SURROUNDINGS, processor, threadIo, "no-profile")
            .gosh(session, new String[] {"--login", "--noshutdown", "--nohistory"});
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      LOG.debug("a shell ended", e);
    }
  }

  // The line editor shows what is typed; what is typed ahead would be shown twice.
  private static void echoOff(Terminal terminal) {
    Attributes attributes = terminal.getAttributes();
    attributes.setLocalFlag(Attributes.LocalFlag.ECHO, false);
    terminal.setAttributes(attributes);
  }

  // JLine asks the program infocmp about types that it has no table of, and takes even its
  // complaint for a table: one without entries.
  private static boolean known(String type) {
    if (!TERMINAL_TYPE.matcher(type).matches()) {
      return false;
    }
    Map<InfoCmp.Capability, String> entries = new EnumMap<>(InfoCmp.Capability.class);
    try {
      InfoCmp.parseInfoCmp(
          InfoCmp.getInfoCmp(type),
          EnumSet.noneOf(InfoCmp.Capability.class),
          new EnumMap<>(InfoCmp.Capability.class),
          entries);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !entries.isEmpty();
  }

  private void prepare(CommandSession session, Terminal terminal) {
    session.put(Shell.VAR_TERMINAL, terminal);
    session.put(Shell.VAR_SCOPE, CommandLine.SCOPES);
    session.put(Shell.VAR_PROMPT, "tagwatch> ");
    new Completions(player).install(session);
    terminal
        .writer()
        .printf(
            "Tagwatch agent, process %d. 'help' lists the commands, Tab completes, Ctrl-D leaves.%n",
            ProcessHandle.current().pid());
    terminal.flush();
  }

  /** The shell must not end the framework, and finds its profile nowhere. */
  private static final class Surroundings implements Shell.Context {
    @Override
    public String getProperty(String name) {
      return System.getProperty(name);
    }

    @Override
    public void exit() {
      throw new UnsupportedOperationException("a shell does not end the agent");
    }
  }

  // Not Channels.newInputStream and newOutputStream: on Java 17 a read that waits holds the lock
  // which a write of the same channel needs.
  private static final class Keys extends InputStream {
    private final SocketChannel channel;
    private volatile Runnable onHangUp = () -> {};

    Keys(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = -1;
      try {
        count = channel.read(ByteBuffer.wrap(buffer, offset, length));
        return count;
      } finally {
        // Nobody is left to press Ctrl-C.
        if (count < 0) {
          onHangUp.run();
        }
      }
    }
  }

  private static final class Screen extends OutputStream {
    private final SocketChannel channel;

    Screen(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(buffer, offset, length);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
