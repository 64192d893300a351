// SPDX-License-Identifier: Apache-2.0
package tagwatch.demo;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How quiet each method is on benign traffic that training did not contain. */
final class QuietTest {
  private static final int GATEWAY_REQUESTS = 200;

  private final DemoOptions options;
  private final Narrator narrator;
  private final ProtectedServer device;
  private final Gateway gateway;
  private final Watch watch;

  QuietTest(
      DemoOptions options,
      Narrator narrator,
      ProtectedServer device,
      Gateway gateway,
      Watch watch) {
    this.options = options;
    this.narrator = narrator;
    this.device = device;
    this.gateway = gateway;
    this.watch = watch;
  }

  /** Benign traffic of another audience: false alarms of each method, and STIDE's threshold. */
  SuiteResult.Benign run(Recorder recorder, Baselines ofDevice, Baselines ofGateway)
      throws IOException, DemoException, InterruptedException {
    narrator.chapter("Other benign traffic");
    Map<String, Long> alarms = new LinkedHashMap<>();
    long requests = 0;
    for (String method : Suite.MODELS) {
      requests = visit(recorder, method);
      alarms.put(method, watch.takeFalseAlarms());
    }
    long allowed = alarms.get(Suite.HOOKS);
    List<RecordedTask> deviceTasks =
        RecordedTask.read(recorder.file(LiveDemo.DEVICE, "benign-" + Suite.HOOKS));
    List<RecordedTask> gatewayTasks =
        RecordedTask.read(recorder.file(Gateway.TAG, "benign-" + Suite.HOOKS));
    ofDevice.calibrate(deviceTasks, allowed);
    ofGateway.calibrate(gatewayTasks, 0);
    Map<String, Long> ofBaselines = ofDevice.alarms(deviceTasks);
    ofGateway
        .alarms(gatewayTasks)
        .forEach((name, count) -> ofBaselines.merge(name, count, Long::sum));
    alarms.putAll(ofBaselines);
    alarms.forEach((method, count) -> narrator.say("%-16s %d false alarms", method, count));
    return new SuiteResult.Benign(
        requests + GATEWAY_REQUESTS, (long) deviceTasks.size() + gatewayTasks.size(), alarms);
  }

  /** The same traffic for each model; gives the number of requests to the web server. */
  private long visit(Recorder recorder, String method)
      throws IOException, DemoException, InterruptedException {
    watch.use(method, "monitor");
    String part = "benign-" + method;
    recorder.begin(LiveDemo.DEVICE, part);
    recorder.begin(Gateway.TAG, part);
    List<Visit> visits =
        device.site().visits(Audience.TEST, options.benignRequests(), options.seed() + 1);
    long requests = new Crowd(device, Audience.TEST).pay(visits, done -> {}).requests();
    gateway.start();
    gateway.use(GATEWAY_REQUESTS, options.seed() + 100);
    gateway.close();
    watch.settle();
    recorder.end(LiveDemo.DEVICE);
    recorder.end(Gateway.TAG);
    return requests;
  }
}
