// A test file imports this file first. Its tests then run through the native plugin.
import { useFace } from "./faces";

useFace("native");
