// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.framework.hooks.service.FindHook;
import org.osgi.framework.hooks.service.ListenerHook;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.util.tracker.ServiceTracker;
import tagwatch.scorer.ScorerEngine;
import tagwatch.transport.Transport;

/**
 * Puts the witness between the player and all engines and transports: each gets a double that ranks
 * above all and belongs to the same bundle, so that it comes, goes and is named like the real one;
 * the player does not hear of the real ones.
 */
@Component(service = Witnessing.class, immediate = true)
public final class Witnessing implements FindHook, EventListenerHook {
  private static final String DOUBLE = "tagwatch.witnessed";
  private static final int ABOVE_ALL = 1_000_000;
  private static final String PLAYER = "player.bundle";

  private final ServiceRegistration<?> hooks;
  private final Doubles<ScorerEngine> engines;
  private final Doubles<Transport> transports;
  private volatile Witness witness = new Witness();

  /** Called by SCR. */
  @Activate
  public Witnessing(BundleContext context) throws InvalidSyntaxException {
    hooks =
        context.registerService(
            new String[] {FindHook.class.getName(), EventListenerHook.class.getName()}, this, null);
    engines =
        new Doubles<>(context, ScorerEngine.class, it -> new WitnessedEngine(it, this::witness));
    transports =
        new Doubles<>(context, Transport.class, it -> new WitnessedTransport(it, this::witness));
    engines.open();
    transports.open();
  }

  @Deactivate
  void stop() {
    engines.close();
    transports.close();
    hooks.unregister();
  }

  Witness witness() {
    return witness;
  }

  /** Forgets what was seen; for a time when nothing is scored. */
  Witness begin() {
    witness = new Witness();
    return witness;
  }

  private boolean hidden(ServiceReference<?> reference) {
    if (reference.getProperty(DOUBLE) != null) {
      return false;
    }
    for (String type : (String[]) reference.getProperty(Constants.OBJECTCLASS)) {
      if (type.equals(ScorerEngine.class.getName()) || type.equals(Transport.class.getName())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isPlayer(BundleContext other) {
    return other.getBundle() != null && PLAYER.equals(other.getBundle().getSymbolicName());
  }

  @Override
  public void find(
      BundleContext who,
      String name,
      String filter,
      boolean all,
      Collection<ServiceReference<?>> references) {
    if (isPlayer(who)) {
      references.removeIf(this::hidden);
    }
  }

  /** What goes away is told: the player may know it from before. */
  @Override
  public void event(
      ServiceEvent event, Map<BundleContext, Collection<ListenerHook.ListenerInfo>> listeners) {
    if (event.getType() == ServiceEvent.REGISTERED && hidden(event.getServiceReference())) {
      listeners.keySet().removeIf(Witnessing::isPlayer);
    }
  }

  /** A double for each service of a type. */
  private static final class Doubles<S> extends ServiceTracker<S, ServiceRegistration<S>> {
    private final Class<S> type;
    private final Function<S, S> witnessed;

    Doubles(BundleContext context, Class<S> type, Function<S, S> witnessed)
        throws InvalidSyntaxException {
      super(
          context,
          context.createFilter(
              "(&(" + Constants.OBJECTCLASS + "=" + type.getName() + ")(!(" + DOUBLE + "=*)))"),
          null);
      this.type = type;
      this.witnessed = witnessed;
    }

    @Override
    public ServiceRegistration<S> addingService(ServiceReference<S> reference) {
      S real = context.getService(reference);
      if (real == null) {
        return null;
      }
      Map<String, Object> properties = new HashMap<>();
      for (String key : reference.getPropertyKeys()) {
        properties.put(key, reference.getProperty(key));
      }
      Object ranking = properties.get(Constants.SERVICE_RANKING);
      properties.put(
          Constants.SERVICE_RANKING, ABOVE_ALL + (ranking instanceof Integer number ? number : 0));
      properties.put(DOUBLE, true);
      return reference
          .getBundle()
          .getBundleContext()
          .registerService(type, witnessed.apply(real), FrameworkUtil.asDictionary(properties));
    }

    @Override
    public void removedService(ServiceReference<S> reference, ServiceRegistration<S> registration) {
      try {
        registration.unregister();
      } catch (IllegalStateException e) {
        // its bundle stopped, and the framework was faster
      }
      context.ungetService(reference);
    }
  }
}
