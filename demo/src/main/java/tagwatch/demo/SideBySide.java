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
  SuiteResult.MethodCell stopped(String method, Watch watch)
      throws IOException, InterruptedException {
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
      List<Sighting> alerts = watch.take(attack.tag());
      int caught = (int) Math.min(runs, alerts.stream().map(Sighting::pid).distinct().count());
      return Suite.cell(
          method, runs, caught, alerts.stream().map(Sighting::sequence).toList(), completed);
    } catch (ExecutionException e) {
      throw new IOException("a run of " + attack.name() + " broke: " + e.getMessage(), e);
    } finally {
      threads.shutdownNow();
    }
  }
}
