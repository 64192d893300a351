// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.io.IOException;

/** Walks the pages of what the kernel side lists. Belongs to one thread. */
final class Pages {
  private static final int MOST = 100_000;

  private final Exchange exchange = new Exchange();
  private final PageRequest request = new PageRequest();
  private final Page page = new Page();

  /** A way to ask: {@link Registrar#ask} or {@link Line#ask}. */
  @FunctionalInterface
  interface Asking {
    void ask(Exchange exchange, String what) throws IOException;
  }

  /** Visits every record of every page; the bytes are those of {@link #exchange}. */
  void walk(
      Asking asking, int op, int tag, long session, int flags, int minimum, Records.Visitor visitor)
      throws IOException {
    long cursor = 0;
    for (int pages = 0; pages < MOST; pages++) {
      request.begin(exchange.request(), op, tag, session).cursor(cursor).flags(flags);
      asking.ask(exchange, "page");
      try {
        page.wrap(exchange.bytes(), 0, exchange.length()).forEach(minimum, visitor);
      } catch (MalformedMessageException e) {
        throw new IOException("a page is malformed: " + e.getMessage(), e);
      }
      cursor = page.cursor();
      if (cursor == 0) {
        return;
      }
    }
    throw new IOException("the kernel side lists without an end");
  }

  Exchange exchange() {
    return exchange;
  }
}
