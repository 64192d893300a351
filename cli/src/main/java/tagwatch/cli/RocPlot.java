// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of a ROC curve. */
final class RocPlot {
  private static final Color CURVE = new Color(0x1f, 0x4e, 0x9c);
  private static final Color CHANCE = new Color(0xaa, 0xaa, 0xaa);

  private RocPlot() {}

  /**
   * Draws it.
   *
   * @param points false-positive rate and detection rate, rising
   * @param file its ending decides: {@code .svg}, else PNG
   */
  static void write(String method, List<double[]> points, Path file) throws IOException {
    // no display is needed, and none is there on a server
    System.setProperty("java.awt.headless", "true");
    Path folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    XYChart chart = chart(method, points);
    if (file.toString().endsWith(".svg")) {
      VectorGraphicsEncoder.saveVectorGraphic(
          chart, file.toString(), VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
    } else {
      BitmapEncoder.saveBitmap(chart, file.toString(), BitmapEncoder.BitmapFormat.PNG);
    }
  }

  private static XYChart chart(String method, List<double[]> points) {
    XYChart chart =
        new XYChartBuilder()
            .width(640)
            .height(600)
            .title("Attacks detected, by normal traces that raise an alarm")
            .xAxisTitle("false-positive rate")
            .yAxisTitle("detection rate")
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.InsideSE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0).setYAxisMin(0.0).setYAxisMax(1.0);
    double[] fpr = points.stream().mapToDouble(point -> point[0]).toArray();
    double[] tpr = points.stream().mapToDouble(point -> point[1]).toArray();
    chart.addSeries(method, fpr, tpr).setMarker(SeriesMarkers.NONE).setLineColor(CURVE);
    chart
        .addSeries("chance", new double[] {0, 1}, new double[] {0, 1})
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(CHANCE);
    return chart;
  }
}
