// SPDX-License-Identifier: Apache-2.0
package tagwatch.player;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import tagwatch.event.Verdict;
import tagwatch.transport.Enforcement;
import tagwatch.transport.Finding;
import tagwatch.transport.Unloaded;
import tagwatch.transport.VerdictInForce;

/**
 * The MLE player. Any thread may call; what is returned are snapshots. A call that needs a tag's
 * scoring thread waits for it at most two seconds and then fails with a {@link PlayerException}.
 */
@ProviderType
public interface Player {
  /** The player as a whole. */
  PlayerStatus status();

  /** All configured tags, by number. */
  List<TagStatus> tags() throws PlayerException;

  /** Live tasks of all tags, by process. */
  List<SessionStatus> sessions() throws PlayerException;

  /** The last alerts (at most 1,000 are kept), oldest first. */
  List<Alert> alerts();

  /** The alert with that id, if it is still kept. */
  Optional<Alert> alert(long id);

  /** All models found in the models folders, those refused included. */
  List<ModelStatus> models();

  /** All engines, learners, policies and transports. */
  List<Provider> providers();

  /**
   * Sets the gate of the tag's running model. It is kept over restarts, together with the model.
   *
   * @throws PlayerException for an unknown tag, or a gate other than {@code learn} without a model
   */
  void gate(int tag, Gate gate) throws PlayerException;

  /**
   * Makes a known model the incumbent of its tag at once, without a time in shadow; its gate is
   * {@code monitor} unless it was set before. A first model runs by itself as soon as it is found;
   * any other one goes into shadow.
   *
   * @throws PlayerException if there is no such model, or it is refused or fails before it has
   *     taken over; the incumbent stays
   */
  void use(int tag, String version) throws PlayerException;

  /**
   * Makes the model in shadow the incumbent. Unless a gate was set for it, it gets that of the
   * model whose place it takes.
   *
   * @param version empty: whichever is in shadow
   * @throws PlayerException if that model is not in shadow, with the reason if it was withdrawn;
   *     the incumbent stays
   */
  void promote(int tag, String version) throws PlayerException;

  /**
   * Makes the model that was the incumbent before the present one the incumbent again, with its own
   * gate. Twice leads back.
   *
   * @return its version
   * @throws PlayerException if there was none, or it fails; the incumbent stays
   */
  String rollback(int tag) throws PlayerException;

  /** Starts to record the tag's events; refused if it is being recorded or the file exists. */
  void record(int tag, Path file) throws PlayerException;

  /**
   * Ends the tag's recording and waits until the file is complete.
   *
   * @return the number of events in it
   */
  long stopRecording(int tag) throws PlayerException;

  /** Learns a model and writes it into its folder; works without any tag being watched. */
  LearnReport learn(LearnRequest request, Progress progress) throws PlayerException;

  /**
   * Scores recordings with a model from its folder, as a tag in {@code monitor} would; works
   * without any tag being watched, and touches none that is.
   */
  RehearseReport rehearse(RehearseRequest request, Progress progress) throws PlayerException;

  /** Puts a verdict on a watched process by hand. */
  Enforcement block(int processId, Verdict verdict) throws PlayerException;

  /** Lifts the verdict on a process. */
  Enforcement release(int processId) throws PlayerException;

  /** Verdicts in force, of all open transports. */
  List<VerdictInForce> verdicts();

  /**
   * What each transport finds of what it needs, by transport; really tried, so it takes a moment.
   */
  Map<String, List<Finding>> probe();

  /**
   * Takes out of the kernel what transports left there, by transport.
   *
   * @throws PlayerException if a transport is open, here or in another agent
   */
  Map<String, Unloaded> unload() throws PlayerException;
}
