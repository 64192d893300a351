// SPDX-License-Identifier: Apache-2.0
package tagwatch.shell;

import org.apache.felix.service.command.Converter;
import org.osgi.service.component.annotations.Component;

/** Shows Gogo how a reply formats itself. */
@Component
public final class ReplyFormat implements Converter {
  @Override
  public Object convert(Class<?> desiredType, Object in) {
    return in instanceof Reply reply && desiredType == String.class ? reply.text() : null;
  }

  @Override
  public CharSequence format(Object target, int level, Converter escape) {
    return target instanceof Reply reply ? reply.text() : null;
  }
}
