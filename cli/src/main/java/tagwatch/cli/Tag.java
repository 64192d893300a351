// SPDX-License-Identifier: Apache-2.0
package tagwatch.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A tag as typed: decimal, or hexadecimal with 0x. */
final class Tag implements ITypeConverter<Integer> {
  private static final int MAX = 0xffff;

  @Override
  public Integer convert(String typed) {
    try {
      int tag =
          typed.startsWith("0x") || typed.startsWith("0X")
              ? Integer.parseInt(typed.substring(2), 16)
              : Integer.parseInt(typed);
      if (tag >= 0 && tag <= MAX) {
        return tag;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new TypeConversionException(
        "'" + typed + "' is not a tag; use a number from 0 to " + MAX + ", or 0x0 to 0xffff");
  }
}
