// SPDX-License-Identifier: Apache-2.0
package tagwatch.conformance;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** What a run is about: framework properties that name providers, and the services they name. */
final class Provided {
  private static final BundleContext CONTEXT =
      FrameworkUtil.getBundle(Provided.class).getBundleContext();

  private static final long PATIENCE_MS = 20_000;

  private Provided() {}

  /** A property of the run; a run that does not set it is about something else. */
  static Optional<String> property(String name) {
    return Optional.ofNullable(CONTEXT.getProperty(name)).filter(value -> !value.isBlank());
  }

  static int number(String name, int otherwise) {
    return property(name).map(Integer::valueOf).orElse(otherwise);
  }

  /** Waits for the service; it is a failure if there is none. */
  static <T> T service(Class<T> type, String key, String value)
      throws InvalidSyntaxException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_MS * 1_000_000;
    while (System.nanoTime() < deadline) {
      Optional<T> found = find(type, key, value);
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(20);
    }
    throw new AssertionError(
        "no service " + type.getName() + " with " + key + "=" + value + " came up");
  }

  static <T> Optional<T> find(Class<T> type, String key, String value)
      throws InvalidSyntaxException {
    Collection<ServiceReference<T>> found =
        CONTEXT.getServiceReferences(type, "(" + key + "=" + value + ")");
    // the one that the player would use
    return found.stream().max(Comparator.naturalOrder()).map(CONTEXT::getService);
  }
}
