// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.List;
import tagwatch.player.PlayerException;

/**
 * Puts a scorer in service while events go on. Round by round it scores, on the thread that calls,
 * what came into the retained rings since the round before; each round is shorter, and when little
 * is left the scoring thread does that itself and changes over, between two micro-batches.
 *
 * @param before what was in service
 * @param rounds how often copies were taken
 * @param prepared rows scored beside the scoring thread
 */
record Takeover(TagStream.Before before, int rounds, long prepared) {
  /** Sessions copied in one order: few enough that the order is short. */
  private static final int CHUNK = 256;

  /** Rows that the scoring thread can do itself without anybody noticing. */
  private static final int FEW_ROWS = 96;

  /** A scorer that is not faster than its events come never catches up. */
  private static final int MOST_ROUNDS = 24;

  /** Puts a scorer in service, or (null) takes the present one out, with nobody to stand in. */
  static Takeover of(TagStream stream, ScorerBinding next, Pause pause) throws PlayerException {
    return next == null
        ? new Takeover(stream.takeOver((Understudy) null, false, pause), 0, 0)
        : of(stream, new Understudy(next, stream.symbols()), false, pause);
  }

  /**
   * Takes over.
   *
   * @param next its scorer is open and warm, and closed if it does not take over
   * @param keepBefore whether the present one stands in for its successor if that one fails
   * @throws PlayerException if it failed before it had taken over; the present one goes on
   */
  static Takeover of(TagStream stream, Understudy next, boolean keepBefore, Pause pause)
      throws PlayerException {
    try {
      AlertRehearsal.of(stream.tag, stream.vocabulary(), next.binding);
      int rounds = prepare(stream, next, pause);
      long prepared = next.scored();
      return new Takeover(stream.takeOver(next, keepBefore, pause), rounds, prepared);
    } catch (ScorerBinding.ScoringException | PlayerException e) {
      if (next.giveUp() || stream.inService() != next.binding) {
        next.binding.close();
      }
      throw e instanceof PlayerException refused ? refused : new PlayerException(e.getMessage(), e);
    }
  }

  private static int prepare(TagStream stream, Understudy understudy, Pause pause)
      throws PlayerException, ScorerBinding.ScoringException {
    int round = 0;
    long rows;
    do {
      round++;
      rows = round(stream, understudy, pause);
    } while (rows > FEW_ROWS && round < MOST_ROUNDS);
    return round;
  }

  private static long round(TagStream stream, Understudy understudy, Pause pause)
      throws PlayerException, ScorerBinding.ScoringException {
    List<Session> sessions = stream.sessions();
    long rows = 0;
    for (int from = 0; from < sessions.size(); from += CHUNK) {
      List<Session> chunk = sessions.subList(from, Math.min(from + CHUNK, sessions.size()));
      for (Understudy.Copy copy : stream.copies(chunk, understudy::lags, pause)) {
        rows += understudy.study(copy);
      }
      understudy.flush();
    }
    return rows;
  }

  /** Closes what was in service, and what stood in for it. */
  void closeBefore() {
    if (before.binding() != null) {
      before.binding().close();
    }
    if (before.standIn() != null) {
      before.standIn().close();
    }
  }
}
