package io.millrace.tests.architecture;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** What the modules depend on, as their poms say. */
final class Poms {
  private static final String PREFIX = "millrace-";

  private Poms() {}

  /**
   * Every module of the build with those it depends on; of a test's, only those of the tests. What
   * is there at run time alone is left out: the service loader finds it, and no code names it.
   */
  static Map<String, Set<String>> dependencies() throws Exception {
    Map<String, Set<String>> modules = new TreeMap<>();
    for (Element m : children(project(Path.of("..", "pom.xml")), "modules", "module")) {
      String module = m.getTextContent().strip();
      Set<String> used = new TreeSet<>();
      for (Element d :
          children(project(Path.of("..", module, "pom.xml")), "dependencies", "dependency")) {
        boolean ours = text(d, "groupId").equals("io.millrace");
        String scope = text(d, "scope");
        if (ours
            && (module.equals("tests") || !(scope.equals("test") || scope.equals("runtime")))) {
          used.add(text(d, "artifactId").substring(PREFIX.length()));
        }
      }
      modules.put(module, used);
    }
    return modules;
  }

  private static Element project(Path pom) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(pom.toFile())
        .getDocumentElement();
  }

  /** Elements by their way from another one. */
  private static List<Element> children(Element from, String... way) {
    List<Element> found = List.of(from);
    for (String name : way) {
      List<Element> next = new ArrayList<>();
      for (Element e : found) {
        for (Node n = e.getFirstChild(); n != null; n = n.getNextSibling()) {
          if (n instanceof Element child && child.getTagName().equals(name)) {
            next.add(child);
          }
        }
      }
      found = next;
    }
    return found;
  }

  private static String text(Element e, String name) {
    return children(e, name).stream().map(c -> c.getTextContent().strip()).findFirst().orElse("");
  }
}
