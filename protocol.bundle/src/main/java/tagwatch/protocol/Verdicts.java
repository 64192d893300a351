// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tagwatch.event.TaskKey;
import tagwatch.event.Verdict;
import tagwatch.event.Verdict.Kind;
import tagwatch.event.Verdict.Scope;
import tagwatch.transport.Enforcement;
import tagwatch.transport.Enforcement.Outcome;
import tagwatch.transport.VerdictInForce;

/** Verdicts of the extended protocol: the kernel side carries them out. One at a time. */
final class Verdicts {
  private static final Logger LOG = LoggerFactory.getLogger(Verdicts.class);
  private static final int REHEARSALS = 50;

  /** In the order of {@code enum twn_scope}. */
  private static final List<Scope> SCOPES = List.of(Scope.PROCESS, Scope.SUBTREE, Scope.TAG);

  private final Registrar registrar;
  private final Set<Integer> denied;
  private final Exchange exchange = new Exchange();
  private final VerdictRequest request = new VerdictRequest();
  private final Answer.Plain answer = new Answer.Plain();
  private final Pages pages = new Pages();
  private final VerdictRecord record = new VerdictRecord();

  /**
   * @param denied ids of the hooks that a deny verdict refuses; empty: all that can
   */
  Verdicts(Registrar registrar, Set<Integer> denied) {
    this.registrar = registrar;
    this.denied = denied;
  }

  static int number(Kind kind) {
    return switch (kind) {
      case SUSPEND -> Protocol.VERDICT_SUSPEND;
      case DENY -> Protocol.VERDICT_DENY;
      case KILL -> Protocol.VERDICT_KILL;
      case ALERT -> throw new IllegalArgumentException("an alert is nothing for the kernel");
    };
  }

  private static Kind kind(int number) {
    return switch (number) {
      case Protocol.VERDICT_SUSPEND -> Kind.SUSPEND;
      case Protocol.VERDICT_DENY -> Kind.DENY;
      case Protocol.VERDICT_KILL -> Kind.KILL;
      default -> throw new MalformedMessageException("unknown verdict " + number);
    };
  }

  /**
   * Goes all the way to a verdict and back for a task that cannot exist: the first verdict of an
   * agent would else load classes and bind native calls while the process goes on.
   */
  void rehearse() {
    Registration registration = registrar.all().iterator().next();
    for (int i = 0; i < REHEARSALS; i++) {
      Enforcement enforcement =
          enforce(
              registration,
              new TaskKey(Integer.MAX_VALUE, 1),
              new Verdict(Kind.KILL, Scope.PROCESS));
      if (enforcement.outcome() != Outcome.GONE) {
        LOG.warn("rehearsal of a verdict: {}", enforcement);
        return;
      }
    }
  }

  Enforcement enforce(Registration registration, TaskKey task, Verdict verdict) {
    if (verdict.kind() == Kind.ALERT) {
      return new Enforcement(Outcome.DONE, "an alert changes nothing in the kernel");
    }
    return send(
        registration, task, number(verdict.kind()), SCOPES.indexOf(verdict.scope()), "" + verdict);
  }

  Enforcement release(Registration registration, TaskKey task) {
    return send(registration, task, Protocol.VERDICT_RELEASE, 0, "release");
  }

  private synchronized Enforcement send(
      Registration registration, TaskKey task, int kind, int scope, String what) {
    request
        .begin(exchange.request(), Protocol.VERDICT, registration.tag, registration.session)
        .tid(task.threadId())
        .startTime(task.startTimeNs())
        .kind(kind)
        .scope(scope);
    if (kind == Protocol.VERDICT_DENY) {
      denied.forEach(request::addHook);
    }
    try {
      registrar.ask(exchange, what);
      int reached = answer.wrap(exchange.bytes(), 0, exchange.length()).detail();
      return reached == 0 && kind == Protocol.VERDICT_RELEASE
          ? new Enforcement(Outcome.GONE, "no verdict on process of task " + task.threadId())
          : new Enforcement(Outcome.DONE, what + " in the kernel; processes: " + reached);
    } catch (RefusedException e) {
      return new Enforcement(outcome(e.reason()), e.getMessage());
    } catch (IOException e) {
      return new Enforcement(Outcome.FAILED, e.getMessage());
    }
  }

  private static Outcome outcome(Reason reason) {
    return switch (reason) {
      case NO_TASK, OTHER_TAG -> Outcome.GONE;
      case UNTOUCHABLE, UNSUPPORTED -> Outcome.REFUSED;
      default -> Outcome.FAILED;
    };
  }

  /** All verdicts on processes of the registered tags. */
  synchronized List<VerdictInForce> inForce() {
    List<VerdictInForce> inForce = new ArrayList<>();
    for (Registration registration : registrar.all()) {
      try {
        pages.walk(
            registrar::ask,
            Protocol.VERDICTS,
            registration.tag,
            registration.session,
            0,
            VerdictRecord.SIZE,
            (at, size) -> inForce.add(inForce(record.wrap(pages.exchange().bytes(), at, size))));
      } catch (IOException e) {
        LOG.warn("the verdicts of tag {} cannot be read: {}", registration.tag, e.getMessage());
      }
    }
    return inForce;
  }

  private static VerdictInForce inForce(VerdictRecord record) {
    if (record.scope() >= SCOPES.size()) {
      throw new MalformedMessageException("unknown scope " + record.scope());
    }
    return new VerdictInForce(
        record.process(),
        new Verdict(kind(record.kind()), SCOPES.get(record.scope())),
        record.sinceNs());
  }
}
