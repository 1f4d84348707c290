package io.drover.tool;

import java.util.List;

/** Beans of this type say which tools code makes at start. */
@FunctionalInterface
public interface BuiltInTools {

    List<BuiltInTool> tools();
}
