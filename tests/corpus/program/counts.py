import numpy as np
c = np.array([5, 7, 900])
w = 1 / np.sqrt(c)
w = w / w.sum() * 3
use(class_weights=w)
