// SPDX-License-Identifier: Apache-2.0
package tagwatch.player.internal;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * From symbols to the classes of one model. A symbol that the model does not list has its last
 * class. Belongs to one thread at a time.
 */
final class ClassMap {
  private static final short UNRESOLVED = -1;

  private final SymbolTable symbols;
  private final FeatureSelection selection;
  private final Map<String, Short> classes = new HashMap<>();
  private final short other;
  private short[] bySymbol = new short[0];

  ClassMap(SymbolTable symbols, List<String> modelSymbols, FeatureSelection selection) {
    this.symbols = symbols;
    this.selection = selection;
    for (int i = 0; i < modelSymbols.size(); i++) {
      classes.put(modelSymbols.get(i), (short) i);
    }
    this.other = (short) modelSymbols.size();
  }

  /** The map of a model. */
  static ClassMap of(ModelManifest manifest, SymbolTable symbols) {
    return new ClassMap(symbols, manifest.symbols(), FeatureSelection.of(manifest.features()));
  }

  /** The class of a symbol. */
  short classOf(short symbol) {
    if (symbol >= bySymbol.length) {
      int length = bySymbol.length;
      bySymbol = Arrays.copyOf(bySymbol, Math.max(symbol + 1, symbols.size()));
      Arrays.fill(bySymbol, length, bySymbol.length, UNRESOLVED);
    }
    short known = bySymbol[symbol];
    return known != UNRESOLVED ? known : resolve(symbol);
  }

  private short resolve(short symbol) {
    short found =
        symbol == SymbolTable.OVERFLOW
            ? other
            : classes.getOrDefault(symbols.name(symbol, selection), other);
    bySymbol[symbol] = found;
    return found;
  }
}
