// SPDX-License-Identifier: Apache-2.0
package tagwatch.integration.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The tree is a Maven reactor and a Bndtools workspace: both have to know the same artifacts. */
class WorkspaceTest {
  private static final Path WORKSPACE = Path.of(Agent.CONTEXT.getProperty("tagwatch.workspace"));

  @Test
  void shouldListTheTargetPlatformForBndtoolsAsForMaven() throws Exception {
    Path cnf = WORKSPACE.resolve("cnf");
    List<String> bndtools =
        Files.readAllLines(cnf.resolve("ext").resolve("central.mvn")).stream()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();

    assertThat(bndtools).containsExactlyInAnyOrderElementsOf(maven(cnf.resolve("pom.xml")));
  }

  @Test
  void shouldNameEveryRoomThatIsABundleInItsOwnFile() throws Exception {
    for (Element module : elements(parse(WORKSPACE.resolve("pom.xml")), "module")) {
      Path room = WORKSPACE.resolve(module.getTextContent().trim());
      if (Files.readString(room.resolve("pom.xml")).contains("<artifactId>bnd-maven-plugin")
          && Files.isDirectory(room.resolve("src/main/java"))) {
        assertThat(room.resolve("bnd.bnd")).exists();
      }
    }
  }

  /** The artifacts of a list, with versions from the root pom where it does not say its own. */
  private static List<String> maven(Path pom) throws Exception {
    Document root = parse(WORKSPACE.resolve("pom.xml"));
    Map<String, String> managed = new HashMap<>();
    for (Element dependency : elements(root, "dependency")) {
      managed.putIfAbsent(name(dependency), version(root, dependency));
    }
    List<String> artifacts = new ArrayList<>();
    for (Element dependency : elements(parse(pom), "dependency")) {
      String version = version(root, dependency);
      artifacts.add(
          name(dependency) + ":" + (version.isEmpty() ? managed.get(name(dependency)) : version));
    }
    return artifacts;
  }

  private static String name(Element dependency) {
    return text(dependency, "groupId") + ":" + text(dependency, "artifactId");
  }

  private static String version(Document root, Element dependency) {
    String version = text(dependency, "version");
    return version.startsWith("${") && !version.startsWith("${project.")
        ? elements(root, version.substring(2, version.length() - 1)).get(0).getTextContent()
        : version;
  }

  private static String text(Element parent, String name) {
    NodeList found = parent.getElementsByTagName(name);
    return found.getLength() == 0 ? "" : found.item(0).getTextContent().trim();
  }

  private static List<Element> elements(Document document, String name) {
    NodeList found = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  private static Document parse(Path file) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
  }
}
