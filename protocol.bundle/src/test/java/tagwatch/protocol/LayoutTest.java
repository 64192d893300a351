// SPDX-License-Identifier: Apache-2.0
package tagwatch.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tagwatch.event.FeatureType;
import tagwatch.event.TaskStart.Origin;
import tagwatch.event.Verdict;

/** The header as the compiler sees it against the Java side. */
class LayoutTest {
  private static final Path HEADER =
      Path.of("..", "kernel", "uapi", "tagwatch_netlink.h").toAbsolutePath().normalize();

  @TempDir private Path folder;
  private final Map<String, Long> java = new LinkedHashMap<>();

  /** Lets the compiler evaluate the expressions and compares. */
  private void assertSameAsCompiler() throws Exception {
    StringBuilder source = new StringBuilder();
    source.append("#include <stddef.h>\n#include <stdio.h>\n");
    source.append("#include \"").append(HEADER).append("\"\nint main(void)\n{\n");
    for (String expression : java.keySet()) {
      source.append("printf(\"%lld\\n\", (long long)(").append(expression).append("));\n");
    }
    Path c = Files.writeString(folder.resolve("layout.c"), source.append("return 0;\n}\n"));
    Path program = folder.resolve("layout");
    Process gcc = new ProcessBuilder("gcc", "-o", "" + program, "" + c).inheritIO().start();
    assertThat(gcc.waitFor()).isZero();
    Process run = new ProcessBuilder(program.toString()).start();
    Map<String, Long> compiled = new LinkedHashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(run.getInputStream(), StandardCharsets.US_ASCII))) {
      for (String expression : java.keySet()) {
        compiled.put(expression, Long.valueOf(lines.readLine()));
      }
    }
    assertThat(compiled).isEqualTo(java);
  }

  private void offset(String struct, String member, long at) {
    java.put("offsetof(struct twn_" + struct + ", " + member + ")", at);
  }

  private void size(String struct, long size) {
    java.put("sizeof(struct twn_" + struct + ")", size);
  }

  private void number(String name, long value) {
    java.put("TWN_" + name, value);
  }

  private void numbers(String prefix, Enum<?>... inOrder) {
    for (int i = 0; i < inOrder.length; i++) {
      number(prefix + inOrder[i].name(), i);
    }
  }

  @Test
  void shouldLayOutRequestsAsTheCompilerDoes() throws Exception {
    offset("request", "magic", Request.MAGIC);
    offset("request", "op", Request.OP);
    offset("request", "version", Request.VERSION);
    offset("request", "tag", Request.TAG);
    offset("request", "reserved", Request.RESERVED);
    offset("request", "length", Request.LENGTH);
    offset("request", "session", Request.SESSION);
    size("request", Request.SIZE);
    offset("register", "key", RegisterRequest.KEY);
    offset("register", "expiry_seconds", RegisterRequest.EXPIRY);
    offset("register", "ready_slots", RegisterRequest.READY_SLOTS);
    size("register", RegisterRequest.SIZE);
    offset("mode_request", "mode", ModeRequest.MODE);
    offset("mode_request", "ready_slots", ModeRequest.READY_SLOTS);
    size("mode_request", ModeRequest.SIZE);
    offset("image_request", "tid", ImageRequest.TID);
    offset("image_request", "flags", ImageRequest.FLAGS);
    offset("image_request", "start_time", ImageRequest.START_TIME);
    size("image_request", ImageRequest.SIZE);
    offset("page_request", "cursor", PageRequest.CURSOR);
    offset("page_request", "flags", PageRequest.FLAGS);
    size("page_request", PageRequest.SIZE);
    offset("verdict_request", "tid", VerdictRequest.TID);
    offset("verdict_request", "kind", VerdictRequest.KIND);
    offset("verdict_request", "scope", VerdictRequest.SCOPE);
    offset("verdict_request", "start_time", VerdictRequest.START_TIME);
    offset("verdict_request", "hooks", VerdictRequest.HOOKS);
    size("verdict_request", VerdictRequest.SIZE);
    assertSameAsCompiler();
  }

  @Test
  void shouldLayOutAnswersAsTheCompilerDoes() throws Exception {
    offset("answer", "magic", Answer.MAGIC);
    offset("answer", "op", Answer.OP);
    offset("answer", "version", Answer.VERSION);
    offset("answer", "tag", Answer.TAG);
    offset("answer", "reason", Answer.REASON);
    offset("answer", "length", Answer.LENGTH);
    offset("answer", "session", Answer.SESSION);
    offset("answer", "detail", Answer.DETAIL);
    size("answer", Answer.SIZE);
    offset("counters", "emitted", Totals.EMITTED);
    offset("counters", "settled", Totals.SETTLED);
    offset("counters", "lost", Totals.LOST);
    offset("counters", "evicted", Totals.EVICTED);
    offset("counters", "tasks", Totals.TASKS);
    offset("counters", "storage_failures", Totals.STORAGE_FAILURES);
    offset("counters", "verdict_hits", Totals.VERDICT_HITS);
    offset("counters", "notices_lost", Totals.NOTICES_LOST);
    size("counters", Totals.SIZE);
    offset("hello", "domain", Hello.DOMAIN);
    offset("hello", "vocabulary", Hello.VOCABULARY);
    offset("hello", "hooks", Hello.HOOKS);
    offset("hello", "ring_slots", Hello.RING_SLOTS);
    offset("hello", "slot_features", Hello.SLOT_FEATURES);
    offset("hello", "verdicts", Hello.VERDICTS);
    size("hello", Hello.SIZE);
    offset("registered", "domain", Registered.DOMAIN);
    offset("registered", "expiry_seconds", Registered.EXPIRY);
    offset("registered", "keep_alive_seconds", Registered.KEEP_ALIVE);
    offset("registered", "counters", Registered.TOTALS);
    size("registered", Registered.SIZE);
    offset("status", "sequence", Status.SEQUENCE);
    offset("status", "mode", Status.MODE);
    offset("status", "counters", Status.TOTALS);
    size("status", Status.SIZE);
    assertSameAsCompiler();
  }

  @Test
  void shouldLayOutTasksImagesAndPagesAsTheCompilerDoes() throws Exception {
    offset("task", "size", TaskRecord.RECORD_SIZE);
    offset("task", "flags", TaskRecord.FLAGS);
    offset("task", "tag", TaskRecord.TAG);
    offset("task", "origin", TaskRecord.ORIGIN);
    offset("task", "tid", TaskRecord.TID);
    offset("task", "tgid", TaskRecord.TGID);
    offset("task", "start_time", TaskRecord.START_TIME);
    offset("task", "leader_start", TaskRecord.LEADER_START);
    offset("task", "parent_start", TaskRecord.PARENT_START);
    offset("task", "parent_tid", TaskRecord.PARENT_TID);
    offset("task", "sequence", TaskRecord.SEQUENCE);
    offset("task", "settled", TaskRecord.SETTLED);
    offset("task", "time_ns", TaskRecord.TIME);
    size("task", TaskRecord.SIZE);
    offset("image", "task", Image.TASK);
    offset("image", "count", Image.COUNT);
    offset("image", "slot_size", Image.SLOT_SIZE);
    offset("image", "slot_features", Image.SLOT_FEATURES);
    size("image", Image.SIZE);
    offset("slot", "time_ns", Image.SLOT_TIME);
    offset("slot", "hook", Image.SLOT_HOOK);
    size("slot", Image.SLOT_FIRST_FEATURE);
    offset("page", "cursor", Page.CURSOR);
    offset("page", "count", Page.COUNT);
    size("page", Page.SIZE);
    offset("verdict", "size", VerdictRecord.RECORD_SIZE);
    offset("verdict", "kind", VerdictRecord.KIND);
    offset("verdict", "scope", VerdictRecord.SCOPE);
    offset("verdict", "tgid", VerdictRecord.TGID);
    offset("verdict", "origin_tgid", VerdictRecord.ORIGIN_TGID);
    offset("verdict", "start_time", VerdictRecord.START_TIME);
    offset("verdict", "origin_start", VerdictRecord.ORIGIN_START);
    offset("verdict", "since_ns", VerdictRecord.SINCE);
    offset("verdict", "hooks", VerdictRecord.HOOKS);
    size("verdict", VerdictRecord.SIZE);
    offset("hook", "size", HookRecord.RECORD_SIZE);
    offset("hook", "id", HookRecord.ID);
    offset("hook", "flags", HookRecord.FLAGS);
    offset("hook", "features", HookRecord.FEATURES);
    offset("hook", "name", HookRecord.NAME);
    size("hook", HookRecord.SIZE);
    offset("feature", "type", HookRecord.FEATURE_TYPE);
    offset("feature", "name", HookRecord.FEATURE_NAME);
    size("feature", HookRecord.FEATURE_SIZE);
    assertSameAsCompiler();
  }

  @Test
  void shouldLayOutTheFeedAsTheCompilerDoes() throws Exception {
    offset("feed", "sequence", Feed.SEQUENCE);
    offset("feed", "count", Feed.COUNT);
    offset("feed", "lost", Feed.LOST);
    offset("feed", "notices_lost", Feed.NOTICES_LOST);
    size("feed", Feed.SIZE);
    offset("record", "size", FeedRecord.RECORD_SIZE);
    offset("record", "kind", FeedRecord.KIND);
    offset("record", "hook", FeedRecord.HOOK);
    offset("record", "features", FeedRecord.FEATURES);
    offset("record", "tid", FeedRecord.TID);
    offset("record", "tgid", FeedRecord.TGID);
    offset("record", "start_time", FeedRecord.START_TIME);
    offset("record", "sequence", FeedRecord.SEQUENCE);
    offset("record", "time_ns", FeedRecord.TIME);
    size("record", FeedRecord.SIZE);
    offset("start", "leader_start", FeedRecord.LEADER_START);
    offset("start", "parent_start", FeedRecord.PARENT_START);
    offset("start", "parent_tid", FeedRecord.PARENT_TID);
    offset("start", "tag", FeedRecord.TAG);
    offset("start", "origin", FeedRecord.ORIGIN);
    size("start", FeedRecord.START_SIZE);
    offset("exec", "old_tid", FeedRecord.OLD_TID);
    offset("exec", "old_start", FeedRecord.OLD_START);
    offset("exec", "old_sequence", FeedRecord.OLD_SEQUENCE);
    offset("exec", "path", FeedRecord.PATH);
    size("exec", FeedRecord.EXEC_SIZE);
    assertSameAsCompiler();
  }

  @Test
  void shouldLayOutMessagesOf2020AsTheCompilerDoes() throws Exception {
    offset("2020_request", "key", LegacyRequest.KEY);
    offset("2020_request", "id", LegacyRequest.ID);
    offset("2020_request", "tag", LegacyRequest.TAG);
    offset("2020_request", "pid", LegacyRequest.PID);
    size("2020_request", LegacyRequest.SIZE);
    offset("2020_reply", "id", LegacyReply.ID);
    offset("2020_reply", "seed", LegacyReply.SEED);
    offset("2020_reply", "sequence", LegacyReply.SEQUENCE);
    offset("2020_reply", "pid", LegacyReply.PID);
    offset("2020_reply", "payload", LegacyReply.PAYLOAD);
    size("2020_reply", LegacyReply.SIZE);
    number("2020_RING", Protocol.RING_SLOTS);
    number("2020_LIVE_MAGIC", LegacyRecord.LIVE_MAGIC);
    number("2020_LIVE_HEAD", LegacyRecord.FEATURES / Short.BYTES);
    number("2020_REGISTRATION", LegacyRequest.REGISTRATION);
    number("2020_KEEP_ALIVE", LegacyRequest.KEEP_ALIVE);
    number("2020_BLOCK", LegacyRequest.BLOCK);
    number("2020_IMAGE", LegacyRequest.IMAGE);
    number("2020_FEED", LegacyReply.FEED);
    number("2020_ADD_PROCESS", LegacyReply.ADD_PROCESS);
    number("2020_DELETE_PROCESS", LegacyReply.DELETE_PROCESS);
    // the extended request lies over the one of 2020, so that an old kernel side reads nothing evil
    offset("2020_request", "key", Request.MAGIC);
    offset("2020_request", "id", Request.OP);
    offset("2020_request", "tag", Request.TAG);
    offset("2020_request", "pid", Request.RESERVED);
    assertSameAsCompiler();
  }

  @Test
  void shouldHaveTheNumbersOfTheHeader() throws Exception {
    number("NETLINK", Protocol.NETLINK);
    number("MAGIC", Protocol.MAGIC);
    number("VERSION", Protocol.VERSION);
    number("TYPE", Protocol.TYPE);
    number("KEY_SIZE", Protocol.KEY_SIZE);
    number("RING_SLOTS", Protocol.RING_SLOTS);
    number("HOOKS_MAX", Protocol.HOOKS_MAX);
    number("HOOK_WORDS", Protocol.HOOK_WORDS);
    number("FEATURES_MAX", Protocol.FEATURES_MAX);
    number("NAME_MAX", Protocol.NAME_MAX);
    number("FEATURE_NAME_MAX", Protocol.FEATURE_NAME_MAX);
    number("PATH_MAX", Protocol.PATH_MAX);
    number("MESSAGE_MAX", Protocol.MESSAGE_MAX);
    number("HELLO", Protocol.HELLO);
    number("REGISTER", Protocol.REGISTER);
    number("UNREGISTER", Protocol.UNREGISTER);
    number("KEEP_ALIVE", Protocol.KEEP_ALIVE);
    number("MODE", Protocol.MODE);
    number("IMAGE", Protocol.IMAGE);
    number("VERDICT", Protocol.VERDICT);
    number("TASKS", Protocol.TASKS);
    number("VERDICTS", Protocol.VERDICTS);
    number("HOOKS", Protocol.HOOKS);
    number("FEED", Protocol.FEED);
    number("MODE_LIVE", Protocol.MODE_LIVE);
    number("MODE_SNAPSHOT", Protocol.MODE_SNAPSHOT);
    number("VERDICT_SUSPEND", Protocol.VERDICT_SUSPEND);
    number("VERDICT_DENY", Protocol.VERDICT_DENY);
    number("VERDICT_KILL", Protocol.VERDICT_KILL);
    number("VERDICT_RELEASE", Protocol.VERDICT_RELEASE);
    number("IMAGE_FETCH", Protocol.IMAGE_FETCH);
    number("PAGE_NEWS", Protocol.PAGE_NEWS);
    number("TASK_EXITED", Protocol.TASK_EXITED);
    number("HOOK_CAN_DENY", Protocol.HOOK_CAN_DENY);
    number("RECORD_EVENT", FeedRecord.EVENT);
    number("RECORD_START", FeedRecord.START);
    number("RECORD_EXEC", FeedRecord.EXEC);
    number("RECORD_EXIT", FeedRecord.EXIT);
    number("RECORD_READY", FeedRecord.READY);
    numbers("", Reason.values());
    numbers("FEATURE_", FeatureType.values());
    numbers("SCOPE_", Verdict.Scope.values());
    numbers("ORIGIN_", Origin.FORKED, Origin.EXECUTED, Origin.ADOPTED);
    java.put("sizeof(TWN_KEY_PATH) - 1", (long) Protocol.KEY_PATH.length());
    assertSameAsCompiler();
  }
}
