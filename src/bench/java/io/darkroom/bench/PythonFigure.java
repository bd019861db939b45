package io.darkroom.bench;

/**
 * Pictures a second of the engine and of a loop in Python, in turn.
 *
 * @param together pictures that are rendered at once
 * @param lanes of the engine, and threads of Python's calls
 * @param pythonOnnxRuntime version of ONNX Runtime there
 * @param rounds in turn, of which the medians are taken
 * @param perSecond pictures of the engine
 * @param pythonPerSecond pictures of Python
 * @param ratio the engine to Python
 */
public record PythonFigure(
    String model,
    int together,
    int lanes,
    String pythonOnnxRuntime,
    int rounds,
    double perSecond,
    double pythonPerSecond,
    double ratio) {}
