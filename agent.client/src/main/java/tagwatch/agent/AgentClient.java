// SPDX-License-Identifier: Apache-2.0
package tagwatch.agent;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Gives commands to a running agent. Each command is a conversation of its own, so any thread may
 * call, several at the same time; the agent holds a bounded number of conversations.
 */
public final class AgentClient implements AutoCloseable {
  private final Path socket;
  private final Set<Conversation> conversations = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private AgentClient(Path socket) {
    this.socket = socket;
  }

  /**
   * Finds the agent.
   *
   * @param socket see {@link AgentHome#socket()}
   * @throws AgentException if no agent listens there, or this user may not talk to it
   */
  public static AgentClient connect(Path socket) throws AgentException {
    AgentClient client = new AgentClient(socket.toAbsolutePath());
    try {
      client.open().close();
      return client;
    } catch (AgentException e) {
      throw e;
    } catch (IOException e) {
      throw new AgentException("socket " + socket + ": " + e.getMessage(), e);
    }
  }

  /** Executes a Gogo command line, e.g. {@code tagwatch:status}. */
  public ShellResult execute(String command) throws AgentException {
    return execute(command, ShellListener.SILENT);
  }

  /**
   * Executes a Gogo command line and tells about it as it goes on.
   *
   * @return the result with all output, also that which the listener has heard
   * @throws AgentException if the agent ends before the command does; a command that the agent
   *     refuses is a result
   */
  public ShellResult execute(String command, ShellListener listener) throws AgentException {
    try (Conversation conversation = converse()) {
      return conversation.execute(command, listener);
    } catch (AgentException e) {
      throw e;
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /**
   * Executes a command with {@code --json}.
   *
   * @throws AgentException with the agent's message if the command fails
   */
  public JsonElement executeJson(String command) throws AgentException {
    ShellResult result = execute(command + " --json");
    if (!result.succeeded()) {
      throw new AgentException(result.error());
    }
    try {
      return JsonParser.parseString(result.output());
    } catch (JsonParseException e) {
      throw new AgentException("'" + command + "' did not answer in JSON: " + result.output(), e);
    }
  }

  /**
   * Runs the agent's interactive shell on a terminal that is in raw mode, until the agent ends it.
   *
   * @param in keys, their end as Ctrl-D; read by a thread of its own, which ends with its next read
   *     after the shell
   * @param out the screen
   * @param term type of the terminal, as in {@code TERM}
   * @param columns width of the terminal
   * @param rows height of the terminal
   * @throws AgentException if the agent refuses the shell
   */
  public void attach(InputStream in, OutputStream out, String term, int columns, int rows)
      throws AgentException {
    try (Conversation conversation = converse()) {
      conversation.attach(in, out, term, columns, rows);
    } catch (AgentException e) {
      throw e;
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** Ends all conversations that are under way; their callers get an {@link AgentException}. */
  @Override
  public void close() {
    closed = true;
    conversations.forEach(Conversation::close);
  }

  private Conversation converse() throws IOException {
    Conversation conversation = new Conversation(open(), conversations::remove);
    conversations.add(conversation);
    if (closed) {
      conversation.close();
      throw new AgentException("this client of " + socket + " is closed");
    }
    return conversation;
  }

  private SocketChannel open() throws IOException {
    try {
      if (Files.notExists(socket, LinkOption.NOFOLLOW_LINKS)) {
        throw new AgentException(
            "no agent: there is no socket " + socket + "; start one with './tagwatch run'");
      }
      // Where notExists cannot tell, for want of permission, this does.
      Files.readAttributes(socket, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      if (!Files.isWritable(socket)) {
        throw new AccessDeniedException(socket.toString());
      }
    } catch (AccessDeniedException e) {
      throw new AgentException(
          "no permission to open " + socket + ": only root may talk to the agent", e);
    }
    try {
      return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      throw new AgentException(
          "no agent: nobody listens on "
              + socket
              + " ("
              + e.getMessage()
              + "); start one with './tagwatch run'",
          e);
    }
  }

  private AgentException lost(IOException cause) {
    String reason = closed ? "this client was closed" : cause.getMessage();
    return new AgentException(
        "the agent on " + socket + " broke off the conversation: " + reason, cause);
  }
}
