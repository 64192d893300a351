// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.felix.gogo.jline.Builtin;
import org.apache.felix.gogo.jline.Posix;
import org.apache.felix.gogo.jline.Procedural;
import org.apache.felix.gogo.jline.Shell;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.threadio.ThreadIO;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** The part of Gogo's own commands that is of use beside an agent's: help, filters, loops. */
@Component(service = {})
public final class GogoCommands {
  private static final String[] BUILTIN = {"format", "type", "jobs", "fg", "bg", "history"};
  private static final String[] PROCEDURAL = {
    "each", "if", "not", "throw", "try", "until", "while", "break", "continue"
  };
  private static final String[] POSIX = {
    "cat", "echo", "grep", "sort", "sleep", "cd", "pwd", "ls", "less", "watch", "head", "tail",
    "clear", "wc", "date"
  };
  private static final String[] SHELL = {"help"};

  private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

  /** Called by the framework. */
  @Activate
  public GogoCommands(
      BundleContext context, @Reference CommandProcessor processor, @Reference ThreadIO threadIo) {
    register(context, new Builtin(), BUILTIN);
    register(context, new Procedural(), PROCEDURAL);
    register(context, new Posix(processor), POSIX);
    register(context, new Shell(TerminalShell.SURROUNDINGS, processor, threadIo, ""), SHELL);
  }

  @Deactivate
  void unregister() {
    registrations.forEach(ServiceRegistration::unregister);
  }

  private void register(BundleContext context, Object commands, String... functions) {
    Map<String, Object> properties =
        Map.of(
            CommandProcessor.COMMAND_SCOPE, "gogo", CommandProcessor.COMMAND_FUNCTION, functions);
    registrations.add(
        context.registerService(
            commands.getClass().getName(), commands, FrameworkUtil.asDictionary(properties)));
  }
}
