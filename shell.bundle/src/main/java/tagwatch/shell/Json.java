// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tagwatch.player.Alert;
import tagwatch.player.Gate;
import tagwatch.player.ModelStanding;
import tagwatch.player.UnknownReason;
import tagwatch.policy.Detection;
import tagwatch.transport.TransportCounter;

/**
 * The one way in which the shell writes JSON, on one line. An object has the components of the
 * record, by name and in order; numbers that are not finite and what is empty are {@code null};
 * enumerations are their labels, maps are ordered by key. Field names are part of the interface.
 */
final class Json {
  private static final Gson GSON =
      new GsonBuilder().serializeNulls().disableHtmlEscaping().create();

  private Json() {}

  static String text(Object value) {
    return GSON.toJson(tree(value));
  }

  static JsonElement tree(Object value) {
    if (value == null) {
      return JsonNull.INSTANCE;
    } else if (value instanceof Number number) {
      return Double.isFinite(number.doubleValue()) ? new JsonPrimitive(number) : JsonNull.INSTANCE;
    } else if (value instanceof Boolean truth) {
      return new JsonPrimitive(truth);
    } else if (value instanceof Optional<?> optional) {
      return tree(optional.orElse(null));
    } else if (value instanceof OptionalLong optional) {
      return optional.isPresent() ? new JsonPrimitive(optional.getAsLong()) : JsonNull.INSTANCE;
    } else if (value instanceof Map<?, ?> map) {
      return object(map);
    } else if (value instanceof Iterable<?> list && !(value instanceof Path)) {
      JsonArray array = new JsonArray();
      list.forEach(element -> array.add(tree(element)));
      return array;
    } else if (value instanceof Detection detection) {
      return detection(detection);
    } else if (value instanceof Record fields) {
      return object(fields);
    }
    return new JsonPrimitive(label(value));
  }

  /** The word for an enumerated value, else its text. */
  static String label(Object value) {
    if (value instanceof Gate gate) {
      return gate.label();
    } else if (value instanceof ModelStanding standing) {
      return standing.label();
    } else if (value instanceof UnknownReason reason) {
      return reason.label();
    } else if (value instanceof TransportCounter counter) {
      return counter.label();
    } else if (value instanceof Enum<?> constant) {
      return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
    return value.toString();
  }

  // Immutable maps of the JDK come in another order in each process.
  private static JsonObject object(Map<?, ?> map) {
    JsonObject object = new JsonObject();
    map.entrySet().stream()
        .sorted(Comparator.comparing(entry -> sortKey(entry.getKey())))
        .forEach(entry -> object.add(label(entry.getKey()), tree(entry.getValue())));
    return object;
  }

  private static String sortKey(Object key) {
    return key instanceof Integer number ? String.format(Locale.ROOT, "%010d", number) : label(key);
  }

  private static JsonObject object(Record fields) {
    JsonObject object = new JsonObject();
    for (RecordComponent component : fields.getClass().getRecordComponents()) {
      object.add(component.getName(), tree(valueOf(component, fields)));
    }
    if (fields instanceof Alert alert) {
      object.addProperty("blocked", alert.blocked());
    }
    return object;
  }

  private static Object valueOf(RecordComponent component, Record fields) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(fields);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component + ": " + e, e);
    }
  }

  private static JsonObject detection(Detection detection) {
    JsonObject object = new JsonObject();
    object.add("cause", tree(detection.cause()));
    object.add("task", tree(detection.task()));
    object.add("process", tree(detection.process()));
    object.add("tag", tree(detection.tag()));
    object.add("executable", tree(detection.executable()));
    object.add("root", tree(detection.root()));
    object.add("score", tree(detection.score()));
    object.add("threshold", tree(detection.threshold()));
    object.add("window", tree(detection.window()));
    object.add("mostSurprising", tree(detection.mostSurprising()));
    object.add("modelVersion", tree(detection.modelVersion()));
    object.add("timestampNs", tree(detection.timestampNs()));
    return object;
  }
}
