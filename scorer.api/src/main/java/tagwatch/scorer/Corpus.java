// SPDX-License-Identifier: Apache-2.0
package tagwatch.scorer;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Sequences of events as classes, ready to learn from: one sequence a task, or a part of one. A
 * forked task's sequence begins with what it inherited from its parent, which is context only.
 * Immutable; any thread may call.
 */
@ProviderType
public interface Corpus {
  /** Number of classes; the last stands for every event that the model does not list. */
  int classes();

  /** Number of sequences. */
  int sequences();

  /** The events of a sequence, oldest first; not to be changed. */
  short[] sequence(int index);

  /** First position of a sequence that is to be learned; what lies before is inherited context. */
  int from(int index);

  /**
   * Whether a sequence is set apart to judge what was learned from the others: whole processes, or
   * contiguous stretches of long-lived ones. A learner whose {@link Learner#sparesHeldOut} is true
   * adapts nothing to it and may only use it to decide when to stop; any other learns it like the
   * rest.
   */
  boolean heldOut(int index);
}
