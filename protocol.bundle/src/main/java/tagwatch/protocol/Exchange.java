// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.concurrent.UnsafeBuffer;

/** Room for one request and its answer, used again and again. Belongs to one thread at a time. */
final class Exchange {
  private final ByteBuffer request =
      ByteBuffer.allocateDirect(VerdictRequest.SIZE).order(ByteOrder.nativeOrder());
  private final ByteBuffer answer =
      ByteBuffer.allocateDirect(Protocol.MESSAGE_MAX).order(ByteOrder.nativeOrder());
  private final UnsafeBuffer requestBytes = new UnsafeBuffer(request);
  private final UnsafeBuffer answerBytes = new UnsafeBuffer(answer);
  private int length;

  /** Where the next request is written, from 0. */
  UnsafeBuffer request() {
    return requestBytes;
  }

  /** The request as it is sent: as long as it says. */
  ByteBuffer outgoing() {
    return request.limit(requestBytes.getInt(Request.LENGTH)).position(0);
  }

  /** Takes an answer; what is longer than any message may be is cut. */
  void answer(ByteBuffer from, int offset, int size) {
    length = Math.min(size, answer.capacity());
    answer.put(0, from, offset, length);
  }

  UnsafeBuffer bytes() {
    return answerBytes;
  }

  /** The same bytes, for sinks that want them so. */
  ByteBuffer buffer() {
    return answer;
  }

  int length() {
    return length;
  }
}
