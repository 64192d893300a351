// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import tagwatch.event.Verdict;
import tagwatch.policy.Policy;

/** The services as the player meets them: found by name, configured while they are held. */
class PolicyServicesTest {
  /** Types that the test shares with the bundles. */
  private static final String SHARED =
      "tagwatch.policy;version=1.1.0,tagwatch.event;version=1.1.0,org.slf4j;version=2.0.17,"
          + "org.osgi.service.cm;version=1.6.1";

  private static final List<String> BUNDLES =
      List.of(
          "org.osgi.util.function",
          "org.osgi.util.promise",
          "org.osgi.service.component",
          "org.apache.felix.configadmin",
          "org.apache.felix.scr");

  @TempDir Path folder;

  private Framework framework;

  @BeforeEach
  void start() throws Exception {
    framework =
        ServiceLoader.load(FrameworkFactory.class)
            .findFirst()
            .orElseThrow()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    folder.toString(),
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                    SHARED));
    framework.start();
    BundleContext context = framework.getBundleContext();
    for (String name : BUNDLES) {
      context.installBundle(new File(onClassPath(name)).toURI().toString()).start();
    }
    Bundle policies = context.installBundle("reference:" + new File("target/classes").toURI());
    policies.start();
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(TimeUnit.SECONDS.toMillis(10));
  }

  @Test
  void shouldOfferEachPolicyByItsName() throws Exception {
    Collection<ServiceReference<Policy>> found =
        framework.getBundleContext().getServiceReferences(Policy.class, null);
    assertThat(found)
        .extracting(reference -> reference.getProperty(Policy.NAME))
        .containsExactlyInAnyOrder("alert", "suspend", "deny", "kill");
  }

  @Test
  void shouldTakeNewSettingsWithoutLosingItsMemoryAndSurviveBadOnes() throws Exception {
    Policy kill = service(Policy.class, "(policy.name=kill)");
    Configuration configuration =
        service(ConfigurationAdmin.class, null).getConfiguration(KillPolicy.PID, "?");
    assertThat(kill.decide(FixedDetection.of(1, 1)).scope()).isEqualTo(Verdict.Scope.SUBTREE);

    configuration.update(properties("1", "process"));
    assertEventuallySpent(kill);
    configuration.update(properties("-1", "world"));
    configuration.update(properties("2", "process"));
    assertEventuallyScope(kill, Verdict.Scope.PROCESS);
    assertThat(service(Policy.class, "(policy.name=kill)")).isSameAs(kill);
  }

  /** Configurations arrive on a thread of the configuration admin. */
  private static void assertEventuallySpent(Policy kill) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    int tag = 100;
    Verdict second;
    do {
      kill.decide(FixedDetection.of(1, ++tag));
      second = kill.decide(FixedDetection.of(2, tag));
      Thread.sleep(5);
    } while (!second.equals(Verdict.ALERT) && System.nanoTime() < deadline);
    assertThat(second).as("second process, budget 1").isEqualTo(Verdict.ALERT);
    assertThat(kill.decide(FixedDetection.of(2, 1))).as("spent before").isEqualTo(Verdict.ALERT);
  }

  private static void assertEventuallyScope(Policy kill, Verdict.Scope scope)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
    Verdict verdict;
    do {
      verdict = kill.decide(FixedDetection.of(3, 1));
      Thread.sleep(5);
    } while (verdict.kind() != Verdict.Kind.KILL && System.nanoTime() < deadline);
    assertThat(verdict).isEqualTo(new Verdict(Verdict.Kind.KILL, scope));
  }

  private static Dictionary<String, Object> properties(String budget, String scope) {
    return FrameworkUtil.asDictionary(Map.of("budget", budget, "scope", scope));
  }

  private <T> T service(Class<T> type, String filter) throws Exception {
    BundleContext context = framework.getBundleContext();
    Collection<ServiceReference<T>> found = context.getServiceReferences(type, filter);
    assertThat(found).hasSize(1);
    return context.getService(found.iterator().next());
  }

  private static String onClassPath(String name) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> path.contains("/" + name + "-"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " is not on the class path"));
  }
}
