// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the kernel's questions about executables on a thread of its own: the drain must not wait
 * for a disk. A program that turns out to be tagged is watched from then on, a moment late.
 */
final class TagQuestions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TagQuestions.class);
  private static final int WAITING = 1024;

  private record Question(int tgid, FileKey key) {}

  private final BlockingQueue<Question> questions = new ArrayBlockingQueue<>(WAITING);
  private final Tags tags;
  private final Tally tally;
  private final Thread thread;
  private volatile boolean closed;

  TagQuestions(Tags tags, Tally tally) {
    this.tags = tags;
    this.tally = tally;
    thread = new Thread(this::answer, "tagwatch-executables");
    thread.setDaemon(true);
    thread.start();
  }

  /** Does not wait: if too many wait already, the kernel asks again at the next exec. */
  void ask(int tgid, FileKey key) {
    if (!questions.offer(new Question(tgid, key))) {
      tags.askAgain(key);
    }
  }

  private void answer() {
    try {
      while (!closed) {
        answer(questions.take());
      }
    } catch (InterruptedException e) {
      LOG.trace("no more questions");
    }
  }

  private void answer(Question question) {
    Path exe = Path.of("/proc", Integer.toString(question.tgid()), "exe");
    try {
      FileKey seen = tags.keyOf(exe);
      if (!seen.equals(question.key())) {
        // it runs another program by now; the one that was asked about is asked about again
        tags.askAgain(question.key());
      }
      if (tags.learn(exe)) {
        tally.lateTags.incrementAndGet();
        int adopted = tags.adopt();
        LOG.info("{} is tagged; {} tasks are watched from now on", exe, adopted);
      }
    } catch (IOException e) {
      tags.askAgain(question.key());
      LOG.debug("{} could not be read for its tag: {}", exe, e.toString());
    }
  }

  /** Waits for the question in work, because it uses what is closed next. */
  @Override
  public void close() {
    closed = true;
    // not interrupt(): it would close the file that is being read under Java's hands
    questions.clear();
    thread.interrupt();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
