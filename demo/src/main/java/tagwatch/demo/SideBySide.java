// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * All runs of a slow attack at the same time. Which alarm belongs to which run is not asked: a run
 * is taken for caught as often as there are processes that raised one.
 */
record SideBySide(Attack attack, int runs) {
  /** Gives the goals reached, run by run. */
  List<Integer> carryOut() throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(runs);
    try {
      List<Future<Integer>> all = new ArrayList<>();
      for (int run = 0; run < runs; run++) {
        int number = run;
        all.add(threads.submit(() -> attack.deed().carryOut(number)));
      }
      List<Integer> completed = new ArrayList<>();
      for (Future<Integer> one : all) {
        completed.add(one.get());
      }
      return completed;
    } catch (ExecutionException e) {
      throw new IOException("a run of " + attack.name() + " broke: " + e.getMessage(), e);
    } finally {
      threads.shutdownNow();
    }
  }
}
