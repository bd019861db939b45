package io.darkroom.docs;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The documentation comments of the methods of a source file, as Markdown on one line each. */
final class SourceComments {
  private SourceComments() {}

  /** Comments by {@link #id(Method)}, in the order of the file; a missing comment is empty. */
  static Map<String, String> of(Path source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(null, files, null, null, null, files.getJavaFileObjects(source));
      DocTrees trees = DocTrees.instance(task);
      Map<String, String> comments = new LinkedHashMap<>();
      for (CompilationUnitTree unit : task.parse()) {
        new Collector(trees, comments).scan(unit, null);
      }
      return comments;
    }
  }

  static String id(Method method) {
    return method.getDeclaringClass().getSimpleName() + "." + method.getName();
  }

  private static String markdown(String comment) {
    return comment.strip().replaceAll("\\s+", " ").replaceAll("\\{@code ([^}]*)}", "`$1`");
  }

  private static final class Collector extends TreePathScanner<Void, Void> {
    private final DocTrees trees;
    private final Map<String, String> comments;

    Collector(DocTrees trees, Map<String, String> comments) {
      this.trees = trees;
      this.comments = comments;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      var owner = (ClassTree) getCurrentPath().getParentPath().getLeaf();
      String comment = Optional.ofNullable(trees.getDocComment(getCurrentPath())).orElse("");
      comments.put(owner.getSimpleName() + "." + method.getName(), markdown(comment));
      return super.visitMethod(method, null);
    }
  }
}
