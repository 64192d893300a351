// SPDX-License-Identifier: Apache-2.0
package tagwatch.ebpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.event.FeatureType;
import tagwatch.event.HookId;

/** The header as the compiler sees it against the Java side. */
class LayoutTest {
  private static final Path HEADER =
      Path.of("..", "kernel", "uapi", "tagwatch_event.h").toAbsolutePath().normalize();

  @TempDir private Path folder;

  /** Lets the compiler evaluate expressions over the header. */
  private Map<String, Long> evaluate(Iterable<String> expressions) throws Exception {
    StringBuilder source = new StringBuilder();
    source.append("#include <stddef.h>\n#include <stdio.h>\n");
    source.append("#include \"").append(HEADER).append("\"\nint main(void)\n{\n");
    for (String expression : expressions) {
      source.append("printf(\"%lld\\n\", (long long)(").append(expression).append("));\n");
    }
    Path c = Files.writeString(folder.resolve("layout.c"), source.append("return 0;\n}\n"));
    Path program = folder.resolve("layout");
    Process gcc = new ProcessBuilder("gcc", "-o", "" + program, "" + c).inheritIO().start();
    assertThat(gcc.waitFor()).isZero();
    Process run = new ProcessBuilder(program.toString()).start();
    Map<String, Long> values = new LinkedHashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(run.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String expression : expressions) {
        values.put(expression, Long.valueOf(lines.readLine()));
      }
    }
    return values;
  }

  private static String offset(String struct, String member) {
    return "offsetof(struct " + struct + ", " + member + ")";
  }

  @Test
  void shouldHaveTheOffsetsOfTheCompiler() throws Exception {
    Map<String, Long> java = new LinkedHashMap<>();
    java.put(offset("tw_event", "time_ns"), (long) Layout.EVENT_TIME);
    java.put(offset("tw_event", "sequence"), (long) Layout.EVENT_SEQUENCE);
    java.put(offset("tw_event", "start_time"), (long) Layout.EVENT_START);
    java.put(offset("tw_event", "tid"), (long) Layout.EVENT_TID);
    java.put(offset("tw_event", "tgid"), (long) Layout.EVENT_TGID);
    java.put(offset("tw_event", "id"), (long) Layout.EVENT_ID);
    java.put(offset("tw_event", "tag"), (long) Layout.EVENT_TAG);
    java.put(offset("tw_event", "kind"), (long) Layout.EVENT_KIND);
    java.put(offset("tw_event", "features"), (long) Layout.EVENT_FEATURES);
    java.put("sizeof(((struct tw_event *)0)->features)", (long) Layout.FEATURES_SIZE);
    java.put(offset("tw_task_event", "leader_start"), (long) Layout.TASK_EVENT_LEADER_START);
    java.put(offset("tw_task_event", "parent_start"), (long) Layout.TASK_EVENT_PARENT_START);
    java.put(offset("tw_task_event", "parent_tid"), (long) Layout.TASK_EVENT_PARENT_TID);
    java.put(offset("tw_task_event", "origin"), (long) Layout.TASK_EVENT_ORIGIN);
    java.put(offset("tw_exec_event", "file"), (long) Layout.EXEC_FILE);
    java.put(offset("tw_exec_event", "old_tid"), (long) Layout.EXEC_OLD_TID);
    java.put(offset("tw_exec_event", "old_start"), (long) Layout.EXEC_OLD_START);
    java.put(offset("tw_exec_event", "old_sequence"), (long) Layout.EXEC_OLD_SEQUENCE);
    java.put(offset("tw_exec_event", "path"), (long) Layout.EXEC_PATH);
    java.put(offset("tw_notice", "file"), (long) Layout.NOTICE_FILE);
    java.put(offset("tw_slot", "time_ns"), (long) Layout.SLOT_TIME);
    java.put(offset("tw_slot", "id"), (long) Layout.SLOT_ID);
    java.put(offset("tw_slot", "features"), (long) Layout.SLOT_FEATURES);
    java.put(offset("tw_task", "start_time"), (long) Layout.STATE_START);
    java.put(offset("tw_task", "leader_start"), (long) Layout.STATE_LEADER_START);
    java.put(offset("tw_task", "parent_start"), (long) Layout.STATE_PARENT_START);
    java.put(offset("tw_task", "tid"), (long) Layout.STATE_TID);
    java.put(offset("tw_task", "tgid"), (long) Layout.STATE_TGID);
    java.put(offset("tw_task", "parent_tid"), (long) Layout.STATE_PARENT_TID);
    java.put(offset("tw_task", "tag"), (long) Layout.STATE_TAG);
    java.put(offset("tw_task", "origin"), (long) Layout.STATE_ORIGIN);
    java.put(offset("tw_task", "exited"), (long) Layout.STATE_EXITED);
    java.put(offset("tw_task", "lineage"), (long) Layout.STATE_LINEAGE);
    java.put(offset("tw_task", "slots"), (long) Layout.STATE_SLOTS);
    java.put(offset("tw_image", "task"), (long) Layout.IMAGE_STATE);
    java.put(offset("tw_image", "fetched_before"), (long) Layout.IMAGE_FETCHED_BEFORE);
    java.put(offset("tw_image", "sequence_after"), (long) Layout.IMAGE_SEQUENCE_AFTER);
    java.put(offset("tw_process", "tgid"), (long) Layout.PROCESS_TGID);
    java.put(offset("tw_process", "start_time"), (long) Layout.PROCESS_START);
    java.put(offset("tw_verdict", "kind"), (long) Layout.VERDICT_KIND);
    java.put(offset("tw_verdict", "scope"), (long) Layout.VERDICT_SCOPE);
    java.put(offset("tw_verdict", "phase"), (long) Layout.VERDICT_PHASE);
    java.put(offset("tw_verdict", "tag"), (long) Layout.VERDICT_TAG);
    java.put(offset("tw_verdict", "since_ns"), (long) Layout.VERDICT_SINCE);
    java.put(offset("tw_verdict", "origin"), (long) Layout.VERDICT_ORIGIN);
    java.put(offset("tw_control", "layout"), (long) Layout.CONTROL_LAYOUT);
    java.put(offset("tw_control", "mode"), (long) Layout.CONTROL_MODE);
    java.put(offset("tw_control", "verdicts"), (long) Layout.CONTROL_VERDICTS);
    java.put(offset("tw_control", "agent_tgid"), (long) Layout.CONTROL_AGENT_TGID);
    java.put(offset("tw_control", "cpus"), (long) Layout.CONTROL_CPUS);
    java.put(offset("tw_control", "wanted_fd"), (long) Layout.CONTROL_WANTED_FD);
    java.put(offset("tw_control", "agent_start"), (long) Layout.CONTROL_AGENT_START);
    java.put(offset("tw_control", "sleeping"), (long) Layout.CONTROL_SLEEPING);
    java.put(offset("tw_control", "account"), (long) Layout.CONTROL_ACCOUNT);
    java.put(offset("tw_control", "lost_seen"), (long) Layout.CONTROL_LOST_SEEN);
    java.put(offset("tw_account", "position"), (long) Layout.ACCOUNT_POSITION);
    java.put(offset("tw_account", "consumed"), (long) Layout.ACCOUNT_CONSUMED);
    java.put(offset("tw_counters", "emitted"), (long) Layout.COUNTERS_EMITTED);
    java.put(offset("tw_counters", "lost"), (long) Layout.COUNTERS_LOST);
    java.put(offset("tw_counters", "storage_failures"), (long) Layout.COUNTERS_STORAGE_FAILURES);
    java.put(offset("tw_counters", "verdict_hits"), (long) Layout.COUNTERS_VERDICT_HITS);
    java.put(offset("tw_counters", "tasks"), (long) Layout.COUNTERS_TASKS);
    java.put(offset("tw_counters", "lost_ends"), (long) Layout.COUNTERS_LOST_ENDS);
    assertThat(evaluate(java.keySet())).isEqualTo(java);
  }

  @Test
  void shouldHaveTheSizesOfTheCompiler() throws Exception {
    Map<String, Long> java = new LinkedHashMap<>();
    java.put("sizeof(struct tw_event)", (long) Layout.EVENT_SIZE);
    java.put("sizeof(struct tw_task_event)", (long) Layout.TASK_EVENT_SIZE);
    java.put("sizeof(struct tw_exec_event)", (long) Layout.EXEC_SIZE);
    java.put("sizeof(struct tw_file)", (long) Layout.FILE_SIZE);
    java.put("sizeof(struct tw_slot)", (long) Layout.SLOT_SIZE);
    java.put("sizeof(struct tw_task)", (long) Layout.STATE_SIZE);
    java.put("sizeof(struct tw_image)", (long) Layout.IMAGE_SIZE);
    java.put("sizeof(struct tw_process)", (long) Layout.PROCESS_SIZE);
    java.put("sizeof(struct tw_verdict)", (long) Layout.VERDICT_SIZE);
    java.put("sizeof(struct tw_account)", (long) Layout.ACCOUNT_SIZE);
    java.put("sizeof(struct tw_control)", (long) Layout.CONTROL_SIZE);
    java.put("sizeof(struct tw_counters)", (long) Layout.COUNTERS_SIZE);
    assertThat(evaluate(java.keySet())).isEqualTo(java);
  }

  @Test
  void shouldHaveTheNumbersOfTheHeader() throws Exception {
    Map<String, Long> java = new LinkedHashMap<>();
    java.put("TW_LAYOUT", (long) Layout.VERSION);
    java.put("TW_SLEEP_NONE", (long) Layout.SLEEP_NONE);
    java.put("TW_SLEEP_ANY", (long) Layout.SLEEP_ANY);
    java.put("TW_SLEEP_UNFAMILIAR", (long) Layout.SLEEP_UNFAMILIAR);
    java.put("sizeof(struct tw_familiar)", (long) Layout.FAMILIAR_SIZE);
    for (int[] it : new int[][] {{0, 0, 0}, {200, 1 << 24, 1 << 24 | 59}, {65535, -1, 3}}) {
      java.put(
          String.format("tw_familiar_bit(%d, %du, %du)", it[0], it[1] & 0xffffffffL, it[2]),
          (long) Layout.familiarBit(it[0], it[1], it[2]));
    }
    java.put("TW_RING_SLOTS", (long) Layout.RING_SLOTS);
    java.put("TW_LINEAGE", (long) Layout.LINEAGE);
    java.put("TW_PATH_MAX", (long) Layout.PATH_MAX);
    java.put("TW_NUMBER_OUT_OF_RANGE", (long) HookId.OUT_OF_RANGE);
    java.put("TW_TASK_FORK", (long) Workbench.id("task/fork"));
    java.put("TW_TASK_EXEC", (long) Workbench.id("task/exec"));
    java.put("TW_TASK_EXIT", (long) Workbench.id("task/exit"));
    java.put("TW_ABI_X86_64 << 24", (long) Workbench.id("x86_64/read"));
    java.put("TW_ABI_I386 << 24", (long) Workbench.id("i386/restart_syscall"));
    java.put("TW_ABI_X32 << 24", (long) Workbench.id("x32/read"));
    java.put("TW_ABI_IO_URING << 24", (long) Workbench.id("io_uring/nop"));
    java.put("TW_KIND_EVENT", (long) Layout.KIND_EVENT);
    java.put("TW_KIND_FORK", (long) Layout.KIND_FORK);
    java.put("TW_KIND_EXEC", (long) Layout.KIND_EXEC);
    java.put("TW_KIND_EXIT", (long) Layout.KIND_EXIT);
    java.put("TW_KIND_ADOPT", (long) Layout.KIND_ADOPT);
    java.put("TW_KIND_UNKNOWN_EXE", (long) Layout.KIND_UNKNOWN_EXE);
    java.put("TW_KIND_IMAGE", (long) Layout.KIND_IMAGE);
    java.put("TW_ORIGIN_FORKED", (long) Layout.ORIGIN_FORKED);
    java.put("TW_ORIGIN_EXECUTED", (long) Layout.ORIGIN_EXECUTED);
    java.put("TW_ORIGIN_ADOPTED", (long) Layout.ORIGIN_ADOPTED);
    java.put("TW_VERDICT_SUSPEND", (long) Layout.VERDICT_SUSPEND);
    java.put("TW_VERDICT_KILL", (long) Layout.VERDICT_KILL);
    java.put("TW_PHASE_FULL", (long) Layout.PHASE_FULL);
    java.put("TW_PHASE_STOPPING", (long) Layout.PHASE_STOPPING);
    assertThat(evaluate(java.keySet())).isEqualTo(java);
  }

  @Test
  void shouldNumberFeatureValuesAsTheEventApiDoes() throws Exception {
    Map<String, Long> java = new LinkedHashMap<>();
    number(java, "TW_PATH_", FeatureType.PATH_CLASS.valueNames());
    number(java, "TW_PORT_", FeatureType.PORT_CLASS.valueNames());
    number(java, "TW_UID_", FeatureType.UID_CLASS.valueNames());
    java.put("TW_PROT_SHARED", 1L << 3);
    java.put("TW_PROT_ANONYMOUS", 1L << 4);
    java.put("TW_PROT_FIXED", 1L << 5);
    java.put("TW_FAMILY_UNREADABLE", 0xffffL);
    assertThat(evaluate(java.keySet())).isEqualTo(java);
  }

  private static void number(Map<String, Long> java, String prefix, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      java.put(prefix + names.get(i).replace('-', '_').toUpperCase(Locale.ROOT), (long) i);
    }
  }
}
