// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.junit.jupiter.api.Test;
import tagwatch.event.Executable;
import tagwatch.event.TaskStart;
import tagwatch.event.TaskStart.Origin;

class EventRingTest implements EventRing.Consumer {
  private final EventRing ring = new EventRing(1024);
  private final MessageHandler handler = ring.handlerOf(this);
  private final List<String> seen = new ArrayList<>();

  @Override
  public void event(
      int handle, int hookId, long sequence, long timeNs, DirectBuffer buffer, int at, int length) {
    StringBuilder slots = new StringBuilder();
    for (int i = 0; i < length; i += Short.BYTES) {
      slots.append(' ').append(buffer.getShort(at + i));
    }
    seen.add("event " + handle + " " + hookId + " " + sequence + " " + timeNs + slots);
  }

  @Override
  public void started(int handle, TaskStart start) {
    seen.add("started " + handle + " " + start.task().threadId());
  }

  @Override
  public void executed(int handle, Executable executable, long timeNs) {
    seen.add("executed " + handle + " " + executable.path() + " " + timeNs);
  }

  @Override
  public void gap(int handle, long lost) {
    seen.add("gap " + handle + " " + lost);
  }

  @Override
  public void exited(int handle, long timeNs, long lastSequence) {
    seen.add("exited " + handle + " " + timeNs + " " + lastSequence);
  }

  private boolean offer(long sequence) {
    return ring.event(1, 2, sequence, 3, Scene.SLOTS, 0, 8);
  }

  private int fill() {
    int count = 0;
    while (offer(count + 1)) {
      count++;
    }
    return count;
  }

  private void drain() {
    while (!ring.isEmpty()) {
      ring.read(handler, 10);
      ring.letGo();
    }
  }

  @Test
  void shouldCarrySlotsWhateverTheOrderOfTheBuffer() {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      ByteBuffer slots = ByteBuffer.allocate(16).order(ByteOrder.nativeOrder());
      slots.putShort(2, (short) 11).putShort(4, (short) 12).putShort(6, (short) 13);
      slots.putShort(8, (short) 14);
      slots.order(order);
      ring.event(5, 6, 7, 8, slots, 2, 8);
      ring.event(5, 6, 8, 9, slots, 2, 4);
      ring.event(5, 6, 9, 9, slots, 0, 0);
    }
    drain();
    assertThat(seen.subList(0, 3))
        .containsExactly("event 5 6 7 8 11 12 13 14", "event 5 6 8 9 11 12", "event 5 6 9 9");
    assertThat(seen.subList(3, 6)).isEqualTo(seen.subList(0, 3));
  }

  @Test
  void shouldHoldControlMessagesAndRefuseEventsBehindThem() {
    int fitted = fill();
    ring.started(9, Scene.start(4, 0, Origin.EXECUTED));
    ring.executed(9, new Executable("/x", ""), 5);
    ring.gap(9, 3);
    ring.exited(9, 6, 7);
    assertThat(offer(100)).isFalse();
    ring.read(handler, 2);
    seen.clear();
    assertThat(ring.letGo()).isFalse();
    assertThat(offer(101)).as("room, but control messages come first").isFalse();
    drain();
    assertThat(offer(102)).isTrue();
    drain();
    assertThat(seen).hasSize(fitted - 2 + 4 + 1);
    assertThat(seen.subList(fitted - 2, fitted + 3))
        .containsExactly(
            "started 9 4", "executed 9 /x 5", "gap 9 3", "exited 9 6 7", "event 1 2 102 3 0 0 0 0");
  }

  @Test
  void shouldNotHoldAnOfferedGap() {
    fill();
    assertThat(ring.offerGap(1, 5)).isFalse();
    drain();
    seen.clear();
    assertThat(ring.isEmpty()).isTrue();
    assertThat(ring.offerGap(1, 6)).isTrue();
    drain();
    assertThat(seen).containsExactly("gap 1 6");
  }

  @Test
  void shouldKeepAttachmentsWithTheirMessagesWhenAConsumerThrows() {
    EventRing.Consumer throwing =
        new EventRing.Consumer() {
          @Override
          public void event(
              int handle, int hook, long sequence, long time, DirectBuffer b, int at, int length) {}

          @Override
          public void started(int handle, TaskStart start) {
            if (handle == 1) {
              throw new IllegalStateException("made to fail");
            }
            seen.add("started " + handle + " " + start.task().threadId());
          }

          @Override
          public void executed(int handle, Executable executable, long timeNs) {
            seen.add("executed " + handle + " " + executable.path());
          }

          @Override
          public void gap(int handle, long lost) {}

          @Override
          public void exited(int handle, long timeNs, long lastSequence) {}
        };
    ring.started(1, Scene.start(11, 0, Origin.EXECUTED));
    ring.started(2, Scene.start(12, 0, Origin.EXECUTED));
    ring.executed(2, Scene.PROGRAM, 1);
    MessageHandler fragile = ring.handlerOf(throwing);
    while (!ring.isEmpty()) {
      try {
        ring.read(fragile, 10);
      } catch (IllegalStateException e) {
        seen.add(e.getMessage());
      }
    }
    assertThat(seen).containsExactly("made to fail", "started 2 12", "executed 2 /bin/server");
  }
}
