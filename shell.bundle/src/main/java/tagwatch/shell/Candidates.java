// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What completion offers for a parameter of a command. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
@interface Candidates {
  /** The kind of values. */
  Kind value();

  /** Kinds of values. */
  enum Kind {
    TAG,
    GATE,
    MODEL,
    FORMAT,
    PROCESS,
    ALERT,
    VERDICT,
    FILE
  }
}
