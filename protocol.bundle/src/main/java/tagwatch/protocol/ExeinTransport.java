// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.transport.Channel;
import tagwatch.transport.ChannelProvider;
import tagwatch.transport.EventSource;
import tagwatch.transport.Finding;
import tagwatch.transport.Subscription;
import tagwatch.transport.Transport;
import tagwatch.transport.TransportException;

/**
 * The kernel's side over a message channel, as it was when this object was made: if it speaks
 * otherwise by now, {@link #open} says so to who made it.
 */
final class ExeinTransport implements Transport {
  /** Its {@link Transport#NAME}. */
  static final String EXEIN = "exein-netlink";

  private final ChannelProvider provider;
  private final Settings settings;
  private final Spoken spoken;
  private final Runnable changed;

  /**
   * @param changed called when the kernel's side is found to speak otherwise: a transport's
   *     vocabulary never changes, so that another one has to take this one's place
   */
  ExeinTransport(ChannelProvider provider, Settings settings, Spoken spoken, Runnable changed) {
    this.provider = provider;
    this.settings = settings;
    this.spoken = spoken;
    this.changed = changed;
  }

  @Override
  public Vocabulary vocabulary() {
    return spoken.vocabulary();
  }

  @Override
  public Set<Verdict.Kind> verdicts() {
    return spoken.verdicts();
  }

  @Override
  public List<Finding> probe() {
    List<Finding> findings = new ArrayList<>();
    String facility = "netlink protocol " + settings.netlink();
    try (Channel channel = provider.open(settings.channel())) {
      findings.add(new Finding(facility, true, "port id " + channel.portId(), ""));
    } catch (IOException e) {
      findings.add(
          new Finding(
              facility,
              false,
              e.getMessage(),
              "load the module tagwatch_netlink (docs/kernel.md)"));
      return findings;
    }
    findings.add(probeSpeech());
    findings.add(probeKey());
    return findings;
  }

  private Finding probeSpeech() {
    String facility = "extended protocol";
    try {
      Spoken now = Spoken.ask(provider, settings);
      if (now.extended()) {
        return new Finding(
            facility,
            true,
            now.vocabulary().hooks().size() + " hooks, " + now.features() + " features",
            "");
      }
      return new Finding(
          facility,
          false,
          "no answer to hello: a kernel side of 2020",
          "configure its key as legacy.key, or update the kernel side (docs/kernel.md)");
    } catch (IOException e) {
      return new Finding(facility, false, e.getMessage(), "see docs/kernel.md");
    }
  }

  private Finding probeKey() {
    boolean readable = Files.isReadable(settings.keyFile());
    return new Finding(
        "key of this boot",
        readable,
        settings.keyFile() + (readable ? " is readable" : " cannot be read"),
        readable ? "" : "run as root, with securityfs mounted on /sys/kernel/security");
  }

  @Override
  public EventSource open(Subscription subscription) throws TransportException {
    try {
      Spoken now = Spoken.ask(provider, settings);
      if (!now.equals(spoken)) {
        changed.run();
        throw new TransportException(
            "the kernel side speaks otherwise than when it was asked first; it is asked anew");
      }
      return now.extended()
          ? ExtendedSource.open(provider, settings, subscription, denied())
          : legacy(subscription);
    } catch (IOException e) {
      throw new TransportException(e.getMessage() + missing(), e);
    }
  }

  private EventSource legacy(Subscription subscription) throws IOException, TransportException {
    OptionalInt key = settings.legacyKey();
    if (key.isEmpty()) {
      throw new TransportException(
          "the kernel side does not answer in the extended protocol; if it is one of 2020, configure"
              + " its key as legacy.key");
    }
    if (subscription.tags().size() > 1) {
      throw new TransportException(
          "a kernel side of 2020 is watched for one tag at a time, not for " + subscription.tags());
    }
    return LegacySource.open(provider, settings, subscription, new LegacyMode(LegacyMode.SWITCH));
  }

  private Set<Integer> denied() throws TransportException {
    Set<Integer> denied = new HashSet<>();
    for (String name : settings.denyHooks()) {
      int id = spoken.vocabulary().idOf(name).orElse(-1);
      if (!spoken.deniable().contains(id)) {
        throw new TransportException(
            "deny.hooks: '" + name + "' is no hook of this kernel that can refuse");
      }
      denied.add(id);
    }
    return denied;
  }

  /** What the probe says, so that the first error names the remedy too. */
  private String missing() {
    StringBuilder text = new StringBuilder();
    for (Finding finding : probe()) {
      if (!finding.present()) {
        text.append("\nmissing: ").append(finding.facility()).append(": ").append(finding.remedy());
      }
    }
    return text.toString();
  }

  Spoken spoken() {
    return spoken;
  }
}
