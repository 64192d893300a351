// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of a stopped process: its anomaly score, event by event, and the threshold. */
final class ScorePlot {
  private static final Color SCORE = new Color(0x1f, 0x4e, 0x9c);
  private static final Color THRESHOLD = new Color(0xc0, 0x39, 0x2b);

  private ScorePlot() {}

  /**
   * Draws it.
   *
   * @param file its ending decides: {@code .svg} or {@code .png}
   */
  static void write(Sighting alert, Path file) {
    // no display is needed, and none is there on a server
    System.setProperty("java.awt.headless", "true");
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      XYChart chart = chart(alert);
      if (file.toString().endsWith(".svg")) {
        VectorGraphicsEncoder.saveVectorGraphic(
            chart, file.toString(), VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
      } else {
        BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the picture " + file, e);
    }
  }

  private static XYChart chart(Sighting alert) {
    List<Double> events = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    long first = alert.sequence() - alert.scores().size() + 1;
    for (int i = 0; i < alert.scores().size(); i++) {
      if (!alert.scores().get(i).isNaN()) {
        events.add((double) (first + i));
        scores.add(alert.scores().get(i));
      }
    }
    XYChart chart =
        new XYChartBuilder()
            .width(800)
            .height(360)
            .title(
                String.format(
                    Locale.ROOT,
                    "The attacker's process is stopped at its event %d",
                    alert.sequence()))
            .xAxisTitle("event of the process (0 and below: inherited from its parent)")
            .yAxisTitle("anomaly score, nats")
            .build();
    style(chart);
    line(chart, "anomaly score (mean surprise)", events, scores, SCORE, 2.2f);
    line(
        chart,
        String.format(Locale.ROOT, "threshold %.2f", alert.threshold()),
        List.of(events.get(0), events.get(events.size() - 1)),
        List.of(alert.threshold(), alert.threshold()),
        THRESHOLD,
        1.6f);
    return chart;
  }

  private static void style(XYChart chart) {
    chart.getStyler().setLegendPosition(LegendPosition.InsideNW);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setPlotGridLinesColor(new Color(0xdd, 0xdd, 0xdd));
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setDecimalPattern("#.#");
  }

  private static void line(
      XYChart chart, String name, List<Double> x, List<Double> y, Color color, float width) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color);
    series.setLineStyle(new BasicStroke(width));
  }
}
