// SPDX-License-Identifier: Apache-2.0
package tagwatch.bench;

import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * One figure.
 *
 * @param line that it belongs to
 * @param what was measured
 * @param measured the figure, in {@code unit}
 * @param low end of the spread
 * @param high end of the spread
 * @param count how many measurements it comes from
 * @param unit of all figures
 * @param goal that it must not exceed; empty if there is none
 * @param details what else a reader may want to know
 */
record Row(
    String line,
    String what,
    double measured,
    double low,
    double high,
    int count,
    String unit,
    OptionalDouble goal,
    JsonObject details) {

  /** Median, and the whole spread. */
  static Row median(String line, String what, Sample sample, String unit) {
    return new Row(
        line,
        what,
        sample.median(),
        sample.lowest(),
        sample.highest(),
        sample.size(),
        unit,
        OptionalDouble.empty(),
        new JsonObject());
  }

  /** The value that a share of the sample does not exceed, and the whole spread. */
  static Row percentile(String line, String what, Sample sample, double share, String unit) {
    Row median = median(line, what, sample, unit);
    return new Row(
        line,
        what,
        sample.percentile(share),
        median.low,
        median.high,
        median.count,
        unit,
        median.goal,
        median.details);
  }

  /** Measured once. */
  static Row single(String line, String what, double measured, String unit) {
    return median(line, what, Sample.of(measured), unit);
  }

  /** The same with a goal. */
  Row atMost(double limit) {
    return new Row(line, what, measured, low, high, count, unit, OptionalDouble.of(limit), details);
  }

  /** The same with one more detail. */
  Row with(String name, Number value) {
    JsonObject more = details.deepCopy();
    more.addProperty(name, value);
    return new Row(line, what, measured, low, high, count, unit, goal, more);
  }

  /** The same with all details of another object. */
  Row with(JsonObject others) {
    JsonObject more = details.deepCopy();
    others.entrySet().forEach(entry -> more.add(entry.getKey(), entry.getValue()));
    return new Row(line, what, measured, low, high, count, unit, goal, more);
  }

  /** {@code yes}, {@code no}, or {@code -} without a goal. */
  String met() {
    return goal.isEmpty() ? "-" : measured <= goal.getAsDouble() ? "yes" : "no";
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    json.addProperty("line", line);
    json.addProperty("what", what);
    json.addProperty("measured", measured);
    json.addProperty("unit", unit);
    json.addProperty("low", low);
    json.addProperty("high", high);
    json.addProperty("count", count);
    if (goal.isPresent()) {
      json.addProperty("goal", goal.getAsDouble());
      json.addProperty("met", measured <= goal.getAsDouble());
    }
    json.add("details", details);
    return json;
  }

  /** As a person reads it: three significant digits are more than a shared machine can tell. */
  static String figure(double value) {
    double size = Math.abs(value);
    if (size >= 100 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f", value);
  }
}
