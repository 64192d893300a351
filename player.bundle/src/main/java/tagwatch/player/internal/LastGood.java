// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tagwatch.player.Gate;

/**
 * What ran for a tag when it last ran well, as one: it is restored as a whole or not at all.
 *
 * @param model version of the incumbent; empty if there was none
 * @param content key of its copy in the {@link ModelArchive}
 * @param before version of the model that ran before it; empty if none
 * @param beforeContent key of that one's copy
 * @param shadow version of the model in shadow; empty if none
 * @param shadowContent key of that one's copy
 * @param ran versions that were the incumbent at some time
 * @param gates gate by version, as somebody set it or a promotion left it
 * @param withdrawn why a model was withdrawn, by version
 * @param engine symbolic name and version of the bundle that scored
 * @param transport name of the transport
 * @param mode of the transport
 * @param policy name of the policy
 */
record LastGood(
    String model,
    String content,
    String before,
    String beforeContent,
    String shadow,
    String shadowContent,
    Set<String> ran,
    Map<String, Gate> gates,
    Map<String, String> withdrawn,
    String engine,
    String transport,
    String mode,
    String policy) {
  static final LastGood NOTHING =
      new LastGood("", "", "", "", "", "", Set.of(), Map.of(), Map.of(), "", "", "", "");

  /** What is missing in a file is empty. */
  LastGood {
    model = orEmpty(model);
    content = orEmpty(content);
    before = orEmpty(before);
    beforeContent = orEmpty(beforeContent);
    shadow = orEmpty(shadow);
    shadowContent = orEmpty(shadowContent);
    ran = Collections.unmodifiableSet(ran == null ? new TreeSet<>() : new TreeSet<>(ran));
    gates = sorted(gates);
    withdrawn = sorted(withdrawn);
    engine = orEmpty(engine);
    transport = orEmpty(transport);
    mode = orEmpty(mode);
    policy = orEmpty(policy);
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static <T> Map<String, T> sorted(Map<String, T> map) {
    return Collections.unmodifiableMap(map == null ? new TreeMap<>() : new TreeMap<>(map));
  }

  /** Another incumbent; the present one becomes the one before. */
  LastGood incumbent(String version, String key) {
    boolean another = !version.equals(model);
    return new LastGood(
        version,
        key,
        another ? model : before,
        another ? content : beforeContent,
        version.equals(shadow) ? "" : shadow,
        version.equals(shadow) ? "" : shadowContent,
        with(ran, version),
        gates,
        without(withdrawn, version),
        engine,
        transport,
        mode,
        policy);
  }

  /** Another model in shadow, or none. */
  LastGood inShadow(String version, String key) {
    return new LastGood(
        model,
        content,
        before,
        beforeContent,
        version,
        key,
        ran,
        gates,
        without(withdrawn, version),
        engine,
        transport,
        mode,
        policy);
  }

  /** A model was withdrawn. */
  LastGood withdrawn(String version, String reason) {
    Map<String, String> now = new TreeMap<>(withdrawn);
    now.put(version, reason);
    boolean inShadow = version.equals(shadow);
    return new LastGood(
        model,
        content,
        before,
        beforeContent,
        inShadow ? "" : shadow,
        inShadow ? "" : shadowContent,
        ran,
        gates,
        now,
        engine,
        transport,
        mode,
        policy);
  }

  /** The gate of a model. */
  LastGood gate(String version, Gate gate) {
    Map<String, Gate> now = new TreeMap<>(gates);
    now.put(version, gate);
    return new LastGood(
        model,
        content,
        before,
        beforeContent,
        shadow,
        shadowContent,
        ran,
        now,
        withdrawn,
        engine,
        transport,
        mode,
        policy);
  }

  /** The parts that are not models. */
  LastGood with(String nextEngine, String nextTransport, String nextMode, String nextPolicy) {
    return new LastGood(
        model,
        content,
        before,
        beforeContent,
        shadow,
        shadowContent,
        ran,
        gates,
        withdrawn,
        nextEngine,
        nextTransport,
        nextMode,
        nextPolicy);
  }

  private static Set<String> with(Set<String> set, String element) {
    Set<String> more = new TreeSet<>(set);
    more.add(element);
    return more;
  }

  private static Map<String, String> without(Map<String, String> map, String key) {
    Map<String, String> rest = new TreeMap<>(map);
    rest.remove(key);
    return rest;
  }
}
