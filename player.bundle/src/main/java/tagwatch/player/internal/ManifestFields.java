// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tagwatch.scorer.ModelException;

/**
 * Fields of a JSON object by type. Each refusal names the file, the field and what stands there: a
 * binding to a class would take a missing number for 0 and pass a missing list on as null.
 */
record ManifestFields(Path file, JsonObject json) {
  private static final int SHOWN = 60;

  int integer(String field) throws ModelException {
    JsonElement value = required(field);
    try {
      return number(value).intValueExact();
    } catch (NumberFormatException | ArithmeticException e) {
      throw refusal(field, value, "an integer", e);
    }
  }

  float decimal(String field) throws ModelException {
    JsonElement value = required(field);
    try {
      return number(value).floatValue();
    } catch (NumberFormatException e) {
      throw refusal(field, value, "a number", e);
    }
  }

  private static BigDecimal number(JsonElement value) {
    if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
      BigDecimal number = new BigDecimal(primitive.getAsString());
      // 1e999999999 is short to write and takes gigabytes as an integer
      if (Math.abs((long) number.scale()) < 100) {
        return number;
      }
    }
    throw new NumberFormatException("not a number in range");
  }

  String text(String field) throws ModelException {
    JsonElement value = required(field);
    if (!isText(value)) {
      throw refusal(field, value, "a text", null);
    }
    return value.getAsString();
  }

  String optionalText(String field, String absent) throws ModelException {
    return json.has(field) ? text(field) : absent;
  }

  List<String> texts(String field) throws ModelException {
    JsonElement value = required(field);
    if (!value.isJsonArray()) {
      throw refusal(field, value, "a list of texts", null);
    }
    List<String> texts = new ArrayList<>();
    for (JsonElement entry : value.getAsJsonArray()) {
      if (!isText(entry)) {
        throw refusal(field + "[" + texts.size() + "]", entry, "a text", null);
      }
      texts.add(entry.getAsString());
    }
    return texts;
  }

  Map<String, String> textMap(String field) throws ModelException {
    JsonElement value = required(field);
    if (!value.isJsonObject()) {
      throw refusal(field, value, "an object of texts", null);
    }
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, JsonElement> entry : value.getAsJsonObject().entrySet()) {
      if (!isText(entry.getValue())) {
        throw refusal(field + "." + entry.getKey(), entry.getValue(), "a text", null);
      }
      texts.put(entry.getKey(), entry.getValue().getAsString());
    }
    return texts;
  }

  private static boolean isText(JsonElement value) {
    return value instanceof JsonPrimitive primitive && primitive.isString();
  }

  private JsonElement required(String field) throws ModelException {
    JsonElement value = json.get(field);
    if (value == null || value.isJsonNull()) {
      throw new ModelException(file + ": field '" + field + "' is missing");
    }
    return value;
  }

  private ModelException refusal(
      String field, JsonElement value, String allowed, RuntimeException cause) {
    String shown = value.toString();
    if (shown.length() > SHOWN) {
      shown = shown.substring(0, SHOWN) + "…";
    }
    return new ModelException(
        file + ": field '" + field + "' is " + shown + ", allowed is " + allowed, cause);
  }
}
