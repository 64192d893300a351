// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.transport.Channel;
import tagwatch.transport.ChannelProvider;
import tagwatch.transport.MessageHandler;

/**
 * The registrations of an agent: one for each tag, on a channel that carries the feed, and a second
 * channel for questions, so that a verdict never waits behind the feed.
 *
 * <p>{@link #connect} belongs to whoever owns the feed; any thread may ask, and keep alive.
 */
final class Registrar implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);
  private static final long HELLO_PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);
  // an agent that is stopped for a while, e.g. by a debugger, shall keep its tags
  private static final int EXPIRY_SECONDS = 15;

  /** Numbered, because the kernel gives port ids again. */
  private record Lines(int number, Channel feed, Line registering, Line control) {}

  private final ChannelProvider provider;
  private final Settings settings;
  private final MessageHandler feed;
  private final List<Registration> registrations = new ArrayList<>();
  private final Exchange exchange = new Exchange();
  private final AtomicReference<Lines> lines = new AtomicReference<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicReference<String> lapse = new AtomicReference<>();
  private volatile long keepAliveNanos;
  private volatile long domain;

  Registrar(ChannelProvider provider, Settings settings, Set<Integer> tags, MessageHandler feed) {
    this.provider = provider;
    this.settings = settings;
    this.feed = feed;
    tags.stream().sorted().forEach(tag -> registrations.add(new Registration(tag)));
  }

  /**
   * Says hello; false if nobody there speaks the extended protocol.
   *
   * @throws RefusedException if it is spoken, but not with this agent
   */
  static boolean hello(Line line, Exchange exchange) throws IOException {
    new Request.Plain().begin(exchange.request(), Protocol.HELLO, 0, 0);
    return line.tryAsk(exchange, "hello", HELLO_PATIENCE);
  }

  /** Registers every tag, on new channels; what was there before is closed first. */
  void connect() throws IOException {
    close();
    byte[] key = key(settings.keyFile());
    Channel channel = provider.open(settings.channel());
    Line registering = new Line(channel, feed);
    try {
      for (Registration registration : registrations) {
        register(registering, registration, key);
      }
      Line control = new Line(provider.open(settings.channel()), Registrar::late);
      lines.set(new Lines(connections.incrementAndGet(), channel, registering, control));
      lapse.set(null);
    } catch (IOException | RuntimeException e) {
      registering.close();
      throw e;
    }
  }

  /** An answer that came after its question was given up. */
  private static void late(
      int type, int flags, int sequence, ByteBuffer buffer, int offset, int length) {
    LOG.debug("answer {} came too late", sequence);
  }

  private static byte[] key(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.US_ASCII).strip();
    if (text.length() != 2 * Protocol.KEY_SIZE) {
      throw new IOException(file + " does not hold 64 hexadecimal digits");
    }
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " does not hold 64 hexadecimal digits", e);
    }
  }

  private void register(Line line, Registration registration, byte[] key) throws IOException {
    new RegisterRequest()
        .begin(exchange.request(), Protocol.REGISTER, registration.tag, 0)
        .key(key)
        .expirySeconds(EXPIRY_SECONDS)
        .readySlots(settings.readySlots());
    line.ask(exchange, "registration of tag " + registration.tag);
    try {
      Registered registered = new Registered().wrap(exchange.bytes(), 0, exchange.length());
      registration.begin(registered.session(), registered.totals());
      keepAliveNanos = TimeUnit.SECONDS.toNanos(Math.max(1, registered.keepAliveSeconds()));
      domain = registered.domain();
    } catch (MalformedMessageException e) {
      throw new IOException("registration of tag " + registration.tag + ": " + e.getMessage(), e);
    } finally {
      exchange.request().setMemory(0, RegisterRequest.SIZE, (byte) 0);
    }
  }

  /** The channel that carries the feed; null while there is none. Belongs to the drain. */
  Channel feed() {
    Lines now = lines.get();
    return now == null ? null : now.feed;
  }

  /** Asks over the second channel. */
  void ask(Exchange question, String what) throws IOException {
    Lines now = lines.get();
    if (now == null) {
      throw new IOException(what + ": the agent is not registered at the moment");
    }
    now.control.ask(question, what);
  }

  Collection<Registration> all() {
    return registrations;
  }

  /** Null if the tag is not one of ours. */
  Registration of(int tag) {
    for (Registration registration : registrations) {
      if (registration.tag == tag) {
        return registration;
      }
    }
    return null;
  }

  long domain() {
    return domain;
  }

  long keepAliveNanos() {
    return keepAliveNanos;
  }

  /** Tells the kernel that the agent lives, and learns the totals. */
  void keepAlive(Exchange question) {
    Lines now = lines.get();
    if (now == null) {
      return;
    }
    for (Registration registration : registrations) {
      try {
        new Request.Plain()
            .begin(question.request(), Protocol.KEEP_ALIVE, registration.tag, registration.session);
        now.control.ask(question, "keep-alive of tag " + registration.tag);
        registration.heard(new Status().wrap(question.bytes(), 0, question.length()));
      } catch (IOException | MalformedMessageException e) {
        // else it speaks of a registration that has been replaced meanwhile
        if (connections.get() == now.number) {
          lapsed(e);
        }
      }
    }
  }

  /** Switches all tags. */
  void mode(int mode) throws IOException {
    for (Registration registration : registrations) {
      new ModeRequest()
          .begin(exchange.request(), Protocol.MODE, registration.tag, registration.session)
          .mode(mode)
          .readySlots(settings.readySlots());
      ask(exchange, "mode of tag " + registration.tag);
    }
  }

  /** Notes that the agent has to register again. */
  void lapsed(Exception why) {
    lapse.compareAndSet(null, String.valueOf(why.getMessage()));
  }

  /** Why the agent has to register again; null if it has not. */
  String lapse() {
    return lapse.get();
  }

  /** Gives all tags back. */
  void unregister() {
    for (Registration registration : registrations) {
      try {
        new Request.Plain()
            .begin(exchange.request(), Protocol.UNREGISTER, registration.tag, registration.session);
        ask(exchange, "unregistration of tag " + registration.tag);
      } catch (IOException e) {
        // the sockets are closed next, and the kernel takes that for the same
        LOG.debug("tag {} is not given back: {}", registration.tag, e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    Lines now = lines.getAndSet(null);
    if (now != null) {
      now.control.close();
      now.registering.close();
    }
  }
}
