// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator should look at, one text a subject; each new one is logged once. */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

  private final int tag;
  private final Map<String, String> bySubject = new ConcurrentHashMap<>();

  Problems(int tag) {
    this.tag = tag;
  }

  /** Notes a problem; the empty text solves it. */
  void note(String subject, String problem) {
    if (problem.isEmpty()) {
      bySubject.remove(subject);
    } else if (!problem.equals(bySubject.put(subject, problem))) {
      LOG.warn("tag {}: {}", tag, problem);
    }
  }

  String of(String subject) {
    return bySubject.getOrDefault(subject, "");
  }

  List<String> all() {
    return new ArrayList<>(bySubject.values());
  }
}
