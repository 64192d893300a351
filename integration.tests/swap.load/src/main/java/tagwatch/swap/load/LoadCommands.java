// SPDX-License-Identifier: Apache-2.0
package tagwatch.swap.load;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.nio.file.Path;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import tagwatch.player.Player;

/** Shell commands by which a measurement runs loads inside an agent; each answers in JSON. */
@Component(
    service = LoadCommands.class,
    immediate = true,
    property = {
      "osgi.command.scope=load",
      "osgi.command.function=run",
      "osgi.command.function=training",
      "osgi.command.function=straddle"
    })
public final class LoadCommands {
  private static final Gson GSON = new GsonBuilder().serializeSpecialFloatingPointValues().create();

  private final Load.Surroundings surroundings;

  /** Called by SCR. */
  @Activate
  public LoadCommands(
      BundleContext context,
      @Reference Player player,
      @Reference ConfigurationAdmin admin,
      @Reference Witnessing witnessing) {
    surroundings = new Load.Surroundings(context, player, admin, witnessing);
  }

  /**
   * A {@link Load}.
   *
   * @param swapped file that is made when all swaps are done
   */
  public String run(
      int tag,
      String transport,
      String network,
      int rate,
      int seconds,
      int scorers,
      int models,
      int policies,
      int transports,
      String swapped)
      throws Exception {
    Map<String, Integer> swaps =
        Map.of("scorer", scorers, "model", models, "policy", policies, "transport", transports);
    Path flag = Path.of(swapped);
    return GSON.toJson(
        new Load(tag, transport, network, rate, seconds, swaps)
            .run(surroundings, step -> {}, () -> flag.toFile().mkdir()));
  }

  /** Writes numbered events to learn a network from. */
  public String training(int tag, String file) throws Exception {
    NumberedRecording.writeTraining(Path.of(file), tag);
    return file;
  }

  /** A {@link Straddle} at every event. */
  public String straddle(int tag, String training, String attack) throws Exception {
    return GSON.toJson(
        new Straddle(tag, Path.of(training), Path.of(attack)).run(surroundings, 1, step -> {}));
  }
}
