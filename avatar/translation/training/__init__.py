"""How the embedded translation models come to be: data, training, conversion. Not needed to use them.

    python -m avatar.translation.training prepare --data DIR --work WORK
    python -m avatar.translation.training train --work WORK --model en2x --seconds 3600
    python -m avatar.translation.training finish --work WORK --model en2x

Needs the packages torch, transformers, sentencepiece, ctranslate2, sacrebleu and opencc-python-reimplemented.
"""
