// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

import java.util.Locale;
import java.util.Objects;

/**
 * What is to happen to a task.
 *
 * @param kind how hard
 * @param scope to whom
 */
public record Verdict(Kind kind, Scope scope) {
  /** How hard, mildest first. */
  public enum Kind {
    /** Nothing happens to the task; somebody is told. */
    ALERT,
    /** The task stops and can be released; a call that it makes while suspended kills it. */
    SUSPEND,
    /** The hook answers {@code -EPERM}; only transports with a security module can do this. */
    DENY,
    /** No later system call of the thread group runs. */
    KILL
  }

  /** To whom. */
  public enum Scope {
    /** The thread group of the task. */
    PROCESS,
    /** The thread group and what descends from it. */
    SUBTREE,
    /** Everything that carries the tag. */
    TAG
  }

  /** An alert. */
  public static final Verdict ALERT = new Verdict(Kind.ALERT, Scope.PROCESS);

  /** Both parts are required. */
  public Verdict {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(scope, "scope");
  }

  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT) + "/" + scope.name().toLowerCase(Locale.ROOT);
  }
}
