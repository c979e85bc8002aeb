# cmake -DPROGRAM=FILE -P rpath.cmake: the libraries beside it. CMake's own path of a build ends with an empty folder, which the
# loader takes for the working folder.
file(RPATH_SET FILE "${PROGRAM}" NEW_RPATH "$ORIGIN/../lib")
