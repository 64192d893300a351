// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import tagwatch.player.Provider;

/** The services of one kind, by the name that configuration and models use. Any thread may call. */
final class Registry<T> {
  /** A service as it was registered. */
  record Registered<T>(String name, T service, int ranking, long id, String bundle) {}

  private final String kind;
  private final String nameProperty;
  private final List<Registered<T>> services = new CopyOnWriteArrayList<>();

  Registry(String kind, String nameProperty) {
    this.kind = kind;
    this.nameProperty = nameProperty;
  }

  void add(ServiceReference<T> reference, T service) {
    Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
    Bundle bundle = reference.getBundle();
    services.add(
        new Registered<>(
            String.valueOf(reference.getProperty(nameProperty)),
            service,
            ranking instanceof Integer number ? number : 0,
            (Long) reference.getProperty(Constants.SERVICE_ID),
            bundle == null ? "" : bundle.getSymbolicName() + " " + bundle.getVersion()));
  }

  void remove(T service) {
    services.removeIf(registered -> registered.service == service);
  }

  /** The service of that name with the highest ranking; of equals the one that was there first. */
  Optional<Registered<T>> best(String name) {
    return ordered().stream().filter(registered -> registered.name.equals(name)).findFirst();
  }

  /** All services, best first. */
  List<Registered<T>> all() {
    return ordered();
  }

  /** Whether the service is still there. */
  boolean has(T service) {
    return services.stream().anyMatch(registered -> registered.service == service);
  }

  /** All services of that name, best first. */
  List<Registered<T>> all(String name) {
    return ordered().stream().filter(registered -> registered.name.equals(name)).toList();
  }

  private List<Registered<T>> ordered() {
    List<Registered<T>> ordered = new ArrayList<>(services);
    ordered.sort(
        Comparator.comparing((Registered<T> registered) -> -registered.ranking)
            .thenComparing(Registered::id));
    return ordered;
  }

  /** What names there are, for messages. */
  List<String> names() {
    return services.stream().map(Registered::name).distinct().sorted().toList();
  }

  /** For the shell. */
  List<Provider> providers(java.util.function.Function<T, String> inUse) {
    return ordered().stream()
        .map(
            registered ->
                new Provider(
                    kind,
                    registered.name,
                    registered.bundle,
                    registered.ranking,
                    inUse.apply(registered.service)))
        .toList();
  }
}
