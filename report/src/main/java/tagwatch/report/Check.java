// SPDX-License-Identifier: Apache-2.0
package tagwatch.report;

/**
 * One question about a model, and its answer.
 *
 * @param id names the question, e.g. {@code false-alarms}
 * @param state the answer
 * @param question in words
 * @param answer in words, with its figures
 * @param remedy what to do; empty if there is nothing to do
 */
public record Check(String id, State state, String question, String answer, String remedy) {
  /** What an answer is worth. */
  public enum State {
    /** It speaks for the model. */
    MET,
    /** A person should know; it does not stand in the way. */
    NOTE,
    /** What would answer it is missing. */
    MISSING,
    /** It speaks against the model. */
    FAILED
  }
}
