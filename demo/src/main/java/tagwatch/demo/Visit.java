// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A request and what a healthy server answers to it.
 *
 * @param request what is asked
 * @param status expected status
 * @param text must be contained in the answer's content; empty if anything goes
 * @param length expected bytes of content; -1 if they vary
 */
record Visit(HttpRequest request, int status, String text, long length) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Sends the request; gives what is wrong with the answer, empty if nothing is. */
  Optional<String> pay(int port) {
    try {
      return fault(request.send(port, TIMEOUT)).map(fault -> this + fault);
    } catch (IOException e) {
      return Optional.of(this + e.toString());
    }
  }

  private Optional<String> fault(HttpReply reply) {
    if (reply.status() != status) {
      return Optional.of("status " + reply.status() + " instead of " + status);
    }
    if (length >= 0 && reply.length() != length) {
      return Optional.of(reply.length() + " bytes instead of " + length);
    }
    if (!reply.body().contains(text)) {
      return Optional.of("the answer does not contain '" + text + "': " + reply.body());
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return request.method() + " " + request.target() + ": ";
  }
}
