// SPDX-License-Identifier: Apache-2.0
package tagwatch.policy.stock;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** What can be configured of a policy that acts; {@link Settings} reads and checks it. */
@ObjectClassDefinition(
    name = "Tagwatch enforcing policy",
    description = "Whom a verdict reaches, and how often. A bad value leaves the old settings.")
@interface EnforcementConfig {
  @AttributeDefinition(
      description =
          "Whom the verdict reaches: the process, it and its descendants, or all of the tag."
              + " 'tag' needs spareRoot=false.",
      options = {
        @Option(label = "process", value = "process"),
        @Option(label = "subtree", value = "subtree"),
        @Option(label = "tag", value = "tag")
      })
  String scope() default Settings.DEFAULT_SCOPE;

  @AttributeDefinition(
      description =
          "Processes of one tag that may be acted upon in any minute; more are only alerted, so"
              + " that nobody can use alarms to stop a service. 0: only alert.",
      min = "0",
      max = "" + Settings.MAX_BUDGET)
  int budget() default Settings.DEFAULT_BUDGET;

  @AttributeDefinition(
      description =
          "Only alert if the first process of a tag's tree, e.g. a listener, is detected.")
  boolean spareRoot() default Settings.DEFAULT_SPARE_ROOT;
}
