// SPDX-License-Identifier: Apache-2.0
package tagwatch.event;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The hooks of a source, in order. Models and recordings name hooks; ids are only good together
 * with the vocabulary that they come from.
 *
 * <p>A source with several ABIs gives each a name space (the upper byte of the id, see {@link
 * HookId}). An id that is not listed is still named, {@code x86_64/#512} or {@code #512}, and such
 * a name resolves to its id again, so that unknown calls stay distinct.
 *
 * <p>Immutable; all threads may call.
 */
public final class Vocabulary {
  private final String name;
  private final List<Hook> hooks;
  private final Map<Integer, String> nameSpaces;
  private final Map<Integer, Hook> byId = new HashMap<>();
  private final Map<String, Hook> byName = new HashMap<>();

  /**
   * @param name of the source's vocabulary, e.g. {@code linux-syscall}
   * @param nameSpaces prefix of each ABI, by the upper byte of the id; empty for a flat vocabulary
   * @param hooks ids and names have to be unique, else {@link IllegalArgumentException}
   */
  public Vocabulary(String name, Map<Integer, String> nameSpaces, List<Hook> hooks) {
    this.name = Objects.requireNonNull(name, "name");
    this.nameSpaces = Map.copyOf(nameSpaces);
    this.hooks = List.copyOf(hooks);
    for (Hook hook : this.hooks) {
      if (byId.put(hook.id(), hook) != null) {
        throw new IllegalArgumentException(
            "two hooks with id " + hook.id() + " in vocabulary " + name);
      }
      if (byName.put(hook.name(), hook) != null) {
        throw new IllegalArgumentException(
            "two hooks named " + hook.name() + " in vocabulary " + name);
      }
    }
  }

  /** Name of the vocabulary; models say which one they were learned from. */
  public String name() {
    return name;
  }

  /** All listed hooks in order. */
  public List<Hook> hooks() {
    return hooks;
  }

  /** Prefixes by the upper byte of the id. */
  public Map<Integer, String> nameSpaces() {
    return nameSpaces;
  }

  /** The name of an id, also of one that is not listed. */
  public String nameOf(int id) {
    Hook hook = byId.get(id);
    if (hook != null) {
      return hook.name();
    }
    String prefix = nameSpaces.get(HookId.abi(id));
    return prefix == null ? "#" + Integer.toUnsignedString(id) : prefix + "/#" + HookId.number(id);
  }

  /** The id of a name; empty if the name is neither listed nor of the form for unlisted ids. */
  public OptionalInt idOf(String hookName) {
    Hook hook = byName.get(hookName);
    if (hook != null) {
      return OptionalInt.of(hook.id());
    }
    int mark = hookName.indexOf('#');
    if (mark < 0) {
      return OptionalInt.empty();
    }
    try {
      if (mark == 0) {
        return OptionalInt.of(Integer.parseUnsignedInt(hookName.substring(1)));
      }
      for (Map.Entry<Integer, String> space : nameSpaces.entrySet()) {
        if (hookName.substring(0, mark).equals(space.getValue() + "/")) {
          int number = Integer.parseInt(hookName.substring(mark + 1));
          return OptionalInt.of(HookId.of(space.getKey(), number));
        }
      }
      return OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** Features of an id in slot order; empty for an id that is not listed. */
  public List<Feature> featuresOf(int id) {
    Hook hook = byId.get(id);
    return hook == null ? List.of() : hook.features();
  }

  /** Those of the given names that this vocabulary cannot resolve, in the order given. */
  public List<String> missing(List<String> hookNames) {
    List<String> missing = new ArrayList<>();
    for (String hookName : hookNames) {
      if (idOf(hookName).isEmpty()) {
        missing.add(hookName);
      }
    }
    return missing;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Vocabulary that
        && name.equals(that.name)
        && hooks.equals(that.hooks)
        && nameSpaces.equals(that.nameSpaces);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, hooks, nameSpaces);
  }

  @Override
  public String toString() {
    return name + " (" + hooks.size() + " hooks)";
  }
}
