// SPDX-License-Identifier: Apache-2.0
/**
 * SPI of the scoring engines. Engine bundles implement {@link tagwatch.scorer.ScorerEngine}, {@link
 * tagwatch.scorer.Scorer} and {@link tagwatch.scorer.Learner}; the player calls them and implements
 * {@link tagwatch.scorer.Model} and {@link tagwatch.scorer.Corpus}.
 */
@Export
@Version("1.1.0")
package tagwatch.scorer;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
