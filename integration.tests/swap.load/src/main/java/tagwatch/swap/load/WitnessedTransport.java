// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import tagwatch.event.Verdict;
import tagwatch.event.Vocabulary;
import tagwatch.transport.EventSource;
import tagwatch.transport.Finding;
import tagwatch.transport.Subscription;
import tagwatch.transport.Transport;
import tagwatch.transport.TransportException;
import tagwatch.transport.Unloaded;

/** A transport whose events the witness sees. */
final class WitnessedTransport implements Transport {
  private final Transport real;
  private final Supplier<Witness> witness;

  WitnessedTransport(Transport real, Supplier<Witness> witness) {
    this.real = real;
    this.witness = witness;
  }

  @Override
  public Vocabulary vocabulary() {
    return real.vocabulary();
  }

  @Override
  public Set<Verdict.Kind> verdicts() {
    return real.verdicts();
  }

  @Override
  public List<Finding> probe() {
    return real.probe();
  }

  @Override
  public EventSource open(Subscription subscription) throws TransportException {
    EventSource source = real.open(subscription);
    Witness present = witness.get();
    present.opened(source);
    boolean numbered = real.vocabulary().equals(Numbering.vocabulary());
    return new WitnessedSource(source, present, numbered);
  }

  @Override
  public Unloaded unload() throws TransportException {
    return real.unload();
  }
}
